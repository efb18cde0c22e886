#pragma once

#include <filesystem>

namespace drover {

/// Makes TLS connections, those of strangers above all, harmless to the others of this process. Call it before the
/// first connection that shows a certificate of this authority, a file in PEM; calling it again does nothing. Throws
/// std::runtime_error with a sentence.
///
/// It repairs three things of CAF's TLS (0.18.7, libcaf_openssl/src/openssl/) from outside, through callbacks of
/// OpenSSL that each new connection of the process gets; one that has callbacks of its own already is left alone.
/// The second and third concern only connections that show a certificate of the authority: they are taken for CAF's.
///
/// 1. OpenSSL keeps a queue of errors for each thread, and SSL_get_error(3) takes any error in it for one of the
///    connection at hand. CAF's I/O thread, which serves all connections, never empties it (session.cpp, do_some):
///    whoever connects to a node's port and hangs up, or a peer that leaves, would end the next connection that has
///    nothing to read. Here the queue is emptied before each read and write of a socket.
/// 2. A connection that never begins its handshake is never closed (middleman_actor.cpp, new_connection), and a process
///    without free file descriptors ends at the next connection, for CAF cannot open the certificate then. Here
///    handshakes are bounded by `open_handshakes_max`.
/// 3. Of two versions of an application only the one that connects finds out (instance.cpp, handle): it says a few
///    words and hangs up. Here who connects names its protocol in the TLS handshake (ALPN, RFC 7301); who listens
///    refuses nobody for it, but knows.
///
/// Who does not get through the handshake, or is of another version, is told to `report_strangers`.
void guard_tls(const std::filesystem::path& authority);

} // namespace drover
