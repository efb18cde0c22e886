#include "drover/actors/node/make_credentials.hpp"

#include "drover/actors/node/certificates.hpp"
#include "drover/actors/node/credential_files.hpp"

#include <openssl/crypto.h>
#include <openssl/objects.h>
#include <string>

namespace drover {

namespace {

// Clocks of machines differ: a certificate that was made a moment ago shall be valid on all of them.
constexpr int from_days = -1;

constexpr std::size_t cluster_name_bytes = 4;

} // namespace

void make_credentials(const std::filesystem::path& folder) {
  // First, so that nothing is made for a place that is taken.
  new_credential_folder out{folder};

  // Names tell clusters apart for who reads a certificate.
  auto cluster = "drover cluster " + random_digits(cluster_name_bytes);
  auto authority_key = make_key();
  auto authority = make_certificate({.name = cluster,
                                     .key = authority_key.get(),
                                     .from_days = from_days,
                                     .until_days = credentials_days,
                                     .extensions = {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                                    {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                                    {NID_subject_key_identifier, "hash"}}},
                                    nullptr, authority_key.get());
  auto key = make_key();
  auto certificate = make_certificate({.name = cluster + " node",
                                       .key = key.get(),
                                       .from_days = from_days,
                                       .until_days = credentials_days,
                                       .extensions = {{NID_basic_constraints, "critical,CA:FALSE"},
                                                      {NID_key_usage, "critical,digitalSignature"},
                                                      {NID_ext_key_usage, "serverAuth,clientAuth"},
                                                      {NID_subject_key_identifier, "hash"},
                                                      {NID_authority_key_identifier, "keyid"}}},
                                      authority.get(), authority_key.get());

  out.write(authority_file, to_pem(authority.get()), secrecy::open);
  out.write(certificate_file, to_pem(certificate.get()), secrecy::open);
  auto secret = to_pem(key.get());
  out.write(key_file, secret, secrecy::secret);
  OPENSSL_cleanse(secret.data(), secret.size());
  out.write(token_file, random_digits(token_digits / 2) + '\n', secrecy::secret);
  out.commit();
}

} // namespace drover
