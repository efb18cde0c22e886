#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace drover {

// Connections that came in and did not get through their handshake: how many there may be, and who is told of them.
// For the whole process; called in any thread.

/// Connections that came in and are not through their handshake yet; for one more the oldest is hung up on. A burst of
/// workers that join fits, and nobody's file descriptors are used up by it.
constexpr std::size_t open_handshakes_max = 256;

/// Who is told, in one sentence with HOST:PORT, of a connection that came in and was refused, for each reason at most
/// once a second; nobody at first. Those that hang up before they said anything are none: so it is found out who
/// listens.
void report_strangers(std::function<void(const std::string&)> log);

/// For those who accept connections. They know one by an address of their own.
void begin_handshake(const void* connection, int socket);

struct handshake {
  enum class state {
    none,    ///< it ended before
    open,    ///< it did not end
    given_up ///< there were too many; its socket was shut down, which its owner sees as the end of the stream
  };
  state was = state::none;
  /// HOST:PORT at the other end when it began, for it may be gone; empty where it was ended before.
  std::string peer = {};
};

/// Takes it from the list. Call it before its socket is closed.
handshake end_handshake(const void* connection);

/// Tells who wants to know that the peer was refused, and `why`.
void log_stranger(const std::string& peer, const std::string& why);

} // namespace drover
