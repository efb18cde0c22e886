#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <string>
#include <string_view>

namespace drover::openssl {

/// Calls OpenSSL's function for the end of an object.
template <auto Free>
struct freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

using bio = std::unique_ptr<BIO, freer<BIO_free>>;
using certificate = std::unique_ptr<X509, freer<X509_free>>;
using extension = std::unique_ptr<X509_EXTENSION, freer<X509_EXTENSION_free>>;
using key = std::unique_ptr<EVP_PKEY, freer<EVP_PKEY_free>>;
using store = std::unique_ptr<X509_STORE, freer<X509_STORE_free>>;
using store_context = std::unique_ptr<X509_STORE_CTX, freer<X509_STORE_CTX_free>>;

/// Why the last call in this thread failed, in OpenSSL's words. Empties the thread's queue of errors: what stays there
/// would be taken for an error of a later call.
[[nodiscard]] inline std::string last_error() {
  auto code = ERR_get_error();
  ERR_clear_error();
  const auto* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown error";
}

/// A reader of bytes that must outlive it.
[[nodiscard]] inline bio reader_of(std::string_view bytes) {
  return bio{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
}

} // namespace drover::openssl
