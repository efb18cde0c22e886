#include "drover/actors/node/strangers.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <netdb.h>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace drover {

namespace {

std::string peer_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char host[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      ::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "a stranger who is gone";
  return std::string{host} + ':' + port;
}

/// The oldest first. Used by all of the process's I/O threads.
class open_handshakes {
public:
  void add(const void* connection, int socket) {
    auto peer = peer_of(socket);
    std::lock_guard guard{mutex_};
    connections_.push_back({connection, socket, std::move(peer)});
    given_up_.erase(connection);
    if (connections_.size() <= open_handshakes_max)
      return;
    // Its owner sees the end of the stream and closes it; until then its descriptor is nobody else's.
    auto& oldest = connections_.front();
    ::shutdown(oldest.socket, SHUT_RDWR);
    given_up_[oldest.who] = std::move(oldest.peer);
    connections_.pop_front();
  }

  handshake remove(const void* connection) {
    std::lock_guard guard{mutex_};
    if (auto gone = given_up_.extract(connection))
      return {handshake::state::given_up, std::move(gone.mapped())};
    auto found = std::ranges::find(connections_, connection, &entry::who);
    if (found == connections_.end())
      return {};
    handshake result{handshake::state::open, std::move(found->peer)};
    connections_.erase(found);
    return result;
  }

private:
  struct entry {
    const void* who;
    int socket;
    std::string peer;
  };

  std::mutex mutex_;
  std::deque<entry> connections_;
  std::map<const void*, std::string> given_up_; ///< not closed yet by their owners, and who they are
};

open_handshakes& handshakes() {
  // Never destroyed: threads of others may still close connections while the process ends.
  static auto& result = *new open_handshakes;
  return result;
}

/// Tells of strangers, but does not let them fill a disk.
class stranger_log {
public:
  void set(std::function<void(const std::string&)> log) {
    std::lock_guard guard{mutex_};
    log_ = std::move(log);
  }

  // Nobody is told any more when `set` has returned.
  void add(const std::string& peer, const std::string& why) {
    std::lock_guard guard{mutex_};
    if (!log_)
      return;
    auto& kind = kinds_[why];
    ++kind.unsaid;
    auto now = std::chrono::steady_clock::now();
    if (now - kind.said < std::chrono::seconds{1})
      return;
    auto others = std::exchange(kind.unsaid, 0) - 1;
    kind.said = now;
    log_(peer + " was refused: " + why +
         (others > 1    ? "; so were " + std::to_string(others) + " others"
          : others == 1 ? "; so was another"
                        : ""));
  }

private:
  std::mutex mutex_;
  std::function<void(const std::string&)> log_;
  struct rate {
    std::chrono::steady_clock::time_point said;
    std::uint64_t unsaid = 0;
  };
  std::map<std::string, rate> kinds_; ///< by why: garbage is not to drown who has a wrong token
};

stranger_log& strangers() {
  static auto& result = *new stranger_log; // as above
  return result;
}

} // namespace

void report_strangers(std::function<void(const std::string&)> log) {
  strangers().set(std::move(log));
}

void begin_handshake(const void* connection, int socket) {
  handshakes().add(connection, socket);
}

handshake end_handshake(const void* connection) {
  return handshakes().remove(connection);
}

void log_stranger(const std::string& peer, const std::string& why) {
  strangers().add(peer, why);
}

} // namespace drover
