#include "drover/actors/node/tls_guard.hpp"

#include "drover/actors/node/strangers.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdexcept>

namespace drover {

namespace {

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
      begin_handshake(connection, SSL_get_fd(connection));
  }
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
    end_handshake(connection);
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
    auto ended = end_handshake(ssl);
    auto said_nothing = BIO_number_read(SSL_get_rbio(ssl)) == 0;
    if (ended.was == handshake::state::given_up || (ended.was == handshake::state::open && !said_nothing))
      log_stranger(ended.peer, "it did not get through the TLS handshake");
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

} // namespace drover
