#pragma once

#include "drover/actors/node/openssl.hpp"

#include <string>
#include <vector>

namespace drover {

// Keys and certificates, made. All throw std::runtime_error with a sentence where OpenSSL refuses.

/// EC P-256.
[[nodiscard]] openssl::key make_key();

/// An extension of a certificate, its value as OpenSSL's x509v3_config(5) writes it.
struct certificate_extension {
  int id; ///< OpenSSL's NID_…
  const char* value;
};

/// What a certificate says of its owner.
struct certificate_request {
  std::string name; ///< its subject's common name
  EVP_PKEY* key = nullptr;
  int from_days = 0;  ///< from now
  int until_days = 0; ///< from now
  std::vector<certificate_extension> extensions;
};

/// Signs with the key of the issuer; `issuer` null: the certificate's own.
[[nodiscard]] openssl::certificate make_certificate(const certificate_request& what, X509* issuer, EVP_PKEY* key);

[[nodiscard]] std::string to_pem(X509* certificate);
[[nodiscard]] std::string to_pem(EVP_PKEY* key); ///< without passphrase

/// Random bytes for secrets, two digits a byte.
[[nodiscard]] std::string random_digits(std::size_t bytes);

} // namespace drover
