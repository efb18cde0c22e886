#include "drover/actors/node/tls_guard.hpp"

#include <deque>
#include <mutex>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>

namespace drover {

namespace {

/// Connections that came in and are in their handshake, the oldest first. Used by all of the process's I/O threads.
class open_handshakes {
public:
  void add(const SSL* connection) {
    std::lock_guard guard{mutex_};
    connections_.push_back(connection);
    if (connections_.size() <= open_handshakes_max)
      return;
    // Its owner sees the end of the stream and closes it; until then its descriptor is nobody else's.
    ::shutdown(SSL_get_fd(connections_.front()), SHUT_RDWR);
    connections_.pop_front();
  }

  void remove(const SSL* connection) {
    std::lock_guard guard{mutex_};
    std::erase(connections_, connection);
  }

private:
  std::mutex mutex_;
  std::deque<const SSL*> connections_;
};

open_handshakes& handshakes() {
  // Never destroyed: threads of others may still close connections while the process ends.
  static auto& result = *new open_handshakes;
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
  handshakes().remove(static_cast<const SSL*>(connection));
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

} // namespace drover
