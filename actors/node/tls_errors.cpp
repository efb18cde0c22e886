#include "drover/actors/node/tls_errors.hpp"

#include <cstddef>
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

/// A connection has its socket when the handshake begins.
void on_state(const SSL* connection, int where, int) {
  if ((where & SSL_CB_HANDSHAKE_START) == 0)
    return;
  watch(SSL_get_rbio(connection));
  watch(SSL_get_wbio(connection));
}

void on_new_connection(void* connection, void*, CRYPTO_EX_DATA*, int, long, void*) {
  auto* ssl = static_cast<SSL*>(connection);
  if (SSL_get_info_callback(ssl) == nullptr)
    SSL_set_info_callback(ssl, on_state);
}

bool register_callback() {
  // Nothing is kept with a connection: the index is there for its callback.
  if (CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, on_new_connection, nullptr, nullptr) < 0)
    throw std::runtime_error("cannot keep the errors of TLS connections apart: OpenSSL takes no callback");
  return true;
}

} // namespace

void keep_tls_errors_apart() {
  [[maybe_unused]] static const bool once = register_callback();
}

} // namespace drover
