#pragma once

namespace drover {

/// Makes the end of one TLS connection harmless to all others. Call it once in a process, before its first connection;
/// calling it again does nothing. Throws std::runtime_error with a sentence.
///
/// Why: OpenSSL keeps a queue of errors for each thread, and SSL_get_error(3) takes any error in it for one of the
/// connection at hand, so that the queue must be empty before each operation. CAF's I/O thread, which serves all
/// connections, never empties it (0.18.7, libcaf_openssl/src/openssl/session.cpp, do_some). Without this, whoever
/// connects to a node's port and hangs up, or just leaves, ends the next connection that has nothing to read.
///
/// How: each new connection of the process empties its thread's queue before it reads from or writes to its socket.
/// One that has callbacks of its own already is left alone.
void keep_tls_errors_apart();

} // namespace drover
