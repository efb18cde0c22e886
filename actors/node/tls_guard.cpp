#include "drover/actors/node/tls_guard.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <set>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace drover {

namespace {

/// Connections that came in and are in their handshake, the oldest first. Used by all of the process's I/O threads.
class open_handshakes {
public:
  void add(const SSL* connection) {
    std::lock_guard guard{mutex_};
    connections_.push_back(connection);
    given_up_.erase(connection);
    if (connections_.size() <= open_handshakes_max)
      return;
    // Its owner sees the end of the stream and closes it; until then its descriptor is nobody else's.
    ::shutdown(SSL_get_fd(connections_.front()), SHUT_RDWR);
    given_up_.insert(connections_.front());
    connections_.pop_front();
  }

  /// Whether it was open still.
  bool remove(const SSL* connection) {
    std::lock_guard guard{mutex_};
    return std::erase(connections_, connection) + given_up_.erase(connection) > 0;
  }

private:
  std::mutex mutex_;
  std::deque<const SSL*> connections_;
  std::set<const SSL*> given_up_; ///< not closed yet by their owners
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

  void add(int socket) {
    std::function<void(const std::string&)> log;
    std::uint64_t others = 0;
    {
      std::lock_guard guard{mutex_};
      ++unsaid_;
      auto now = std::chrono::steady_clock::now();
      if (!log_ || now - said_ < std::chrono::seconds{1})
        return;
      others = std::exchange(unsaid_, 0) - 1;
      said_ = now;
      log = log_;
    }
    log(address_of(socket) + " was refused: it did not get through the TLS handshake" +
        (others > 0 ? ", nor did " + std::to_string(others) + " others" : ""));
  }

private:
  static std::string address_of(int socket) {
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

  std::mutex mutex_;
  std::function<void(const std::string&)> log_;
  std::chrono::steady_clock::time_point said_;
  std::uint64_t unsaid_ = 0;
};

stranger_log& strangers() {
  static auto& result = *new stranger_log; // as above
  return result;
}

/// Before each read and write of a socket, and after it.
long on_socket(BIO*, int operation, const char*, std::size_t, int, long, int result, std::size_t*) {
  if (operation == BIO_CB_READ || operation == BIO_CB_WRITE)
    ERR_clear_error();
  return result;
}

void watch(BIO* socket) {
  if (socket != nullptr && BIO_get_callback_ex(socket) == nullptr)
    BIO_set_callback_ex(socket, on_socket);
}

void on_state(const SSL* connection, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_START) != 0) {
    // From here on it has its socket.
    watch(SSL_get_rbio(connection));
    watch(SSL_get_wbio(connection));
    if (SSL_is_server(connection) != 0)
      handshakes().add(connection);
  }
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
    handshakes().remove(connection);
}

void on_new(void* connection, void*, CRYPTO_EX_DATA*, int, long, void*) {
  auto* ssl = static_cast<SSL*>(connection);
  if (SSL_get_info_callback(ssl) == nullptr)
    SSL_set_info_callback(ssl, on_state);
}

/// Called before the owner closes the socket.
void on_free(void* connection, void*, CRYPTO_EX_DATA*, int, long, void*) {
  auto* ssl = static_cast<const SSL*>(connection);
  try {
    if (handshakes().remove(ssl))
      strangers().add(SSL_get_fd(ssl));
  } catch (...) {
    // It goes unsaid: nothing may be thrown through OpenSSL.
  }
}

bool register_callbacks() {
  // Nothing is kept with a connection: the index is there for its callbacks.
  if (CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, on_new, nullptr, on_free) < 0)
    throw std::runtime_error("cannot guard TLS connections: OpenSSL takes no callbacks");
  return true;
}

} // namespace

void guard_tls() {
  [[maybe_unused]] static const bool once = register_callbacks();
}

void report_strangers(std::function<void(const std::string&)> log) {
  strangers().set(std::move(log));
}

} // namespace drover
