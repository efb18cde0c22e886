#include "drover/actors/node/plane/tls_transport.hpp"

#include <cerrno>
#include <climits>
#include <cstring>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/ssl.h>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace drover::plane {

namespace {

// Says what the key is for, and goes by in the clear.
constexpr std::string_view key_name = "drover data plane";
// Of the cipher suites that a key of this kind goes with the one that every implementation has.
constexpr auto cipher_suite = "TLS_AES_128_GCM_SHA256";
// What TLS sends at most at once. Smaller pieces are put together: each that is sent costs as much.
constexpr std::size_t tls_record_bytes = 16 << 10;

[[noreturn]] void fail(const std::string& what, int error) {
  auto reason = ::ERR_reason_error_string(::ERR_get_error());
  if (error == SSL_ERROR_SYSCALL && !reason)
    throw connection_lost(system_sentence(what, errno));
  throw connection_lost(what + ": " + (reason ? reason : "TLS gives no reason"));
}

} // namespace

void tls_transport::free_context::operator()(ssl_ctx_st* context) const {
  ::SSL_CTX_free(context);
}
void tls_transport::free_session::operator()(ssl_st* session) const {
  ::SSL_free(session);
}

tls_transport::tls_transport(descriptor connected, role which, const std::string& token)
    : socket_(std::move(connected)), context_(::SSL_CTX_new(::TLS_method())) {
  if (!::HMAC(::EVP_sha256(), token.data(), static_cast<int>(token.size()),
              reinterpret_cast<const unsigned char*>(key_name.data()), key_name.size(),
              reinterpret_cast<unsigned char*>(key_.data()), nullptr) ||
      !context_ || ::SSL_CTX_set_min_proto_version(context_.get(), TLS1_3_VERSION) != 1 ||
      ::SSL_CTX_set_ciphersuites(context_.get(), cipher_suite) != 1)
    throw connection_lost("this OpenSSL has no TLS 1.3 with a common key");
  // Nothing that the writing end would have to read later. A peer that is killed says no goodbye, and records say
  // themselves where they end.
  ::SSL_CTX_set_num_tickets(context_.get(), 0);
  ::SSL_CTX_set_options(context_.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  ::SSL_CTX_set_psk_client_callback(context_.get(), key_for_client);
  ::SSL_CTX_set_psk_server_callback(context_.get(), key_for_server);
  session_.reset(::SSL_new(context_.get()));
  if (!session_ || ::SSL_set_fd(session_.get(), socket_.get()) != 1)
    throw connection_lost("there is no memory for a TLS connection");
  SSL_set_app_data(session_.get(), &key_);
  if (which == role::connecting)
    ::SSL_set_connect_state(session_.get());
  else
    ::SSL_set_accept_state(session_.get());
}

unsigned tls_transport::key_for_client(ssl_st* session, const char*, char* name, unsigned name_max, unsigned char* key,
                                       unsigned key_max) {
  if (name_max <= key_name.size())
    return 0;
  std::memcpy(name, key_name.data(), key_name.size());
  name[key_name.size()] = '\0';
  return key_for_server(session, name, key, key_max);
}

unsigned tls_transport::key_for_server(ssl_st* session, const char* name, unsigned char* key, unsigned key_max) {
  if (key_max < key_bytes || name != key_name)
    return 0;
  std::memcpy(key, SSL_get_app_data(session), key_bytes);
  return key_bytes;
}

void tls_transport::begin() {
  ::ERR_clear_error();
  errno = 0;
  auto result = ::SSL_do_handshake(session_.get());
  if (result == 1)
    return;
  auto error = ::SSL_get_error(session_.get(), result);
  auto left = errno == 0 || errno == ECONNRESET || errno == EPIPE;
  if (error == SSL_ERROR_ZERO_RETURN || (error == SSL_ERROR_SYSCALL && left))
    throw connection_lost(closed_by_peer);
  fail("the TLS handshake failed", error);
}

std::size_t tls_transport::read_some(std::span<std::byte> into) {
  ::ERR_clear_error();
  std::size_t count = 0;
  if (::SSL_read_ex(session_.get(), into.data(), into.size(), &count) == 1)
    return count;
  if (auto error = ::SSL_get_error(session_.get(), 0); error != SSL_ERROR_ZERO_RETURN)
    fail("reading by TLS failed", error);
  return 0;
}

void tls_transport::write(std::span<iovec> pieces) {
  std::vector<std::byte> gathered;
  for (auto piece : pieces) {
    std::span bytes{static_cast<const std::byte*>(piece.iov_base), piece.iov_len};
    if (gathered.size() + bytes.size() > tls_record_bytes) {
      write_all(gathered);
      gathered.clear();
    }
    if (bytes.size() > tls_record_bytes)
      write_all(bytes);
    else
      gathered.insert(gathered.end(), bytes.begin(), bytes.end());
  }
  write_all(gathered);
}

void tls_transport::write_all(std::span<const std::byte> bytes) {
  if (bytes.empty())
    return;
  ::ERR_clear_error();
  std::size_t count = 0;
  if (auto result = ::SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &count); result != 1)
    fail("writing by TLS failed", ::SSL_get_error(session_.get(), result));
}

void tls_transport::shutdown() {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

} // namespace drover::plane
