#pragma once

#include "drover/actors/node/certificates.hpp"

#include <filesystem>
#include <openssl/objects.h>
#include <string>

namespace drover::test {

/// How a cluster's certificates are made; as they are here they are good.
struct certificate_settings {
  int authority_from_days = -1;
  int authority_until_days = 10;
  int from_days = -1;
  int until_days = 10;
  const char* authority_constraints = "critical,CA:TRUE";
  const char* usage = "serverAuth,clientAuth";
};

/// Texts of the four files.
struct credential_texts {
  std::string authority;
  std::string certificate;
  std::string key;
  std::string token = std::string(64, 'a') + '\n';
};

inline credential_texts make_texts(const certificate_settings& settings) {
  auto authority_key = make_key();
  auto authority = make_certificate({.name = "authority",
                                     .key = authority_key.get(),
                                     .from_days = settings.authority_from_days,
                                     .until_days = settings.authority_until_days,
                                     .extensions = {{NID_basic_constraints, settings.authority_constraints}}},
                                    nullptr, authority_key.get());
  auto key = make_key();
  auto certificate = make_certificate({.name = "node",
                                       .key = key.get(),
                                       .from_days = settings.from_days,
                                       .until_days = settings.until_days,
                                       .extensions = {{NID_ext_key_usage, settings.usage}}},
                                      authority.get(), authority_key.get());
  return {to_pem(authority.get()), to_pem(certificate.get()), to_pem(key.get())};
}

} // namespace drover::test
