#include "drover/actors/node/tls_guard.hpp"

#include "drover/actors/node/credential_files.hpp"
#include "drover/actors/node/openssl.hpp"
#include "drover/actors/node/protocol.hpp"
#include "drover/actors/node/strangers.hpp"

#include <algorithm>
#include <mutex>
#include <openssl/crypto.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Who signs the certificates of this process's nodes and trainers. Used by all of its I/O threads.
class own_authorities {
public:
  void add(openssl::certificate authority) {
    std::lock_guard guard{mutex_};
    if (std::ranges::none_of(certificates_, [&](const auto& one) { return X509_cmp(one.get(), authority.get()) == 0; }))
      certificates_.push_back(std::move(authority));
  }

  /// Whether the certificate, which may be null, is signed by one of them.
  bool has_signed(X509* certificate) {
    std::lock_guard guard{mutex_};
    return certificate != nullptr && std::ranges::any_of(certificates_, [certificate](const auto& one) {
             return X509_check_issued(one.get(), certificate) == X509_V_OK;
           });
  }

private:
  std::mutex mutex_;
  std::vector<openssl::certificate> certificates_;
};

own_authorities& authorities() {
  static auto& result = *new own_authorities; // threads of others may still connect while the process ends
  return result;
}

/// Not that of another part of the process, or of the data plane, which looks after itself.
bool is_own(const SSL* connection) {
  return authorities().has_signed(SSL_get_certificate(connection));
}

/// As ALPN writes one: its length before it.
const std::string& offer() {
  static const auto result = [] {
    auto name = application_protocol();
    return static_cast<char>(name.size()) + name;
  }();
  return result;
}

/// Where it is kept with a connection that its client speaks another version: any value but null.
int other_version = -1;

int on_offer(SSL* connection, const unsigned char**, unsigned char*, const unsigned char* offered, unsigned size,
             void*) {
  if (std::string_view{reinterpret_cast<const char*>(offered), size} != offer())
    SSL_set_ex_data(connection, other_version, connection);
  return SSL_TLSEXT_ERR_NOACK; // the client refuses the server then, with a sentence
}

// Here the connection has its socket and its certificate, and has said nothing yet.
void on_handshake_start(SSL* connection) {
  watch(SSL_get_rbio(connection));
  watch(SSL_get_wbio(connection));
  if (!is_own(connection))
    return;
  if (SSL_is_server(connection) != 0) {
    begin_handshake(connection, SSL_get_fd(connection));
    // CAF makes a context for each connection.
    SSL_CTX_set_alpn_select_cb(SSL_get_SSL_CTX(connection), on_offer, nullptr);
  } else {
    SSL_set_alpn_protos(connection, reinterpret_cast<const unsigned char*>(offer().data()),
                        static_cast<unsigned>(offer().size()));
  }
}

void on_handshake_done(const SSL* connection) {
  auto ended = end_handshake(connection);
  if (SSL_get_ex_data(connection, other_version) != nullptr && !ended.peer.empty())
    log_stranger(ended.peer, "it is another version of Drover, or another program");
}

// Nothing may be thrown through OpenSSL: where there is no memory a stranger goes unwatched, or untold.
template <class F>
void guarded(F what) noexcept {
  try {
    what();
  } catch (...) {
  }
}

void on_state(const SSL* connection, int where, int) {
  guarded([connection, where] {
    if ((where & SSL_CB_HANDSHAKE_START) != 0)
      on_handshake_start(const_cast<SSL*>(connection)); // NOLINT(cppcoreguidelines-pro-type-const-cast): OpenSSL's own
    if ((where & SSL_CB_HANDSHAKE_DONE) != 0)
      on_handshake_done(connection);
  });
}

void on_new(void* connection, void*, CRYPTO_EX_DATA*, int, long, void*) {
  auto* ssl = static_cast<SSL*>(connection);
  if (SSL_get_info_callback(ssl) == nullptr)
    SSL_set_info_callback(ssl, on_state);
}

/// Called before the owner closes the socket.
void on_free(void* connection, void*, CRYPTO_EX_DATA*, int, long, void*) {
  guarded([ssl = static_cast<const SSL*>(connection)] {
    auto ended = end_handshake(ssl);
    auto said_nothing = BIO_number_read(SSL_get_rbio(ssl)) == 0;
    if (ended.was == handshake::state::given_up || (ended.was == handshake::state::open && !said_nothing))
      log_stranger(ended.peer, "it did not get through the TLS handshake");
  });
}

void register_callbacks() {
  other_version = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, on_new, nullptr, on_free);
  if (other_version < 0)
    throw std::runtime_error("cannot guard TLS connections: OpenSSL takes no callbacks");
}

} // namespace

void guard_tls(const std::filesystem::path& authority) {
  auto text = read_credential(authority, secrecy::open);
  openssl::certificate certificate{PEM_read_bio_X509(openssl::reader_of(text).get(), nullptr, nullptr, nullptr)};
  if (!certificate)
    throw std::runtime_error(authority.string() + " is no certificate in PEM: " + openssl::last_error());
  authorities().add(std::move(certificate));
  static std::once_flag once;
  std::call_once(once, register_callbacks);
}

} // namespace drover
