#include "drover/actors/node/credentials.hpp"

#include "drover/actors/node/credential_files.hpp"
#include "drover/actors/node/openssl.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <openssl/crypto.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace drover {

namespace {

// Debian's level for TLS: keys and hashes below it would be refused at the first connection.
constexpr int security_level = 2;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw std::runtime_error(file.string() + ": " + why);
}

/// The only certificate in a file: CAF would trust each one of several.
openssl::certificate read_certificate(const std::filesystem::path& file) {
  auto text = read_credential(file, secrecy::open);
  auto in = openssl::reader_of(text);
  openssl::certificate result{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
  if (!result)
    refuse(file, "it is not a certificate in PEM format: " + openssl::last_error());
  openssl::certificate second{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)};
  ERR_clear_error(); // there is none: that is an error to OpenSSL
  if (second)
    refuse(file, "it has more than one certificate: exactly one is allowed");
  return result;
}

/// Never asks at the terminal.
int no_passphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

openssl::key read_key(const std::filesystem::path& file) {
  auto text = read_credential(file, secrecy::secret);
  auto in = openssl::reader_of(text);
  bool asked = false;
  openssl::key result{PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, &asked)};
  OPENSSL_cleanse(text.data(), text.size());
  if (!result && asked) {
    ERR_clear_error();
    refuse(file, "it has a passphrase, which nobody is there to type: store it without one");
  }
  if (!result)
    refuse(file, "it is not a private key in PEM format: " + openssl::last_error());
  return result;
}

std::string read_token(const std::filesystem::path& file) {
  auto result = read_credential(file, secrecy::secret);
  if (result.ends_with('\n'))
    result.pop_back();
  auto is_digit = [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); };
  if (result.size() != token_digits || !std::ranges::all_of(result, is_digit))
    refuse(file, "it is not a token: allowed are exactly 64 digits of 0-9a-f");
  return result;
}

std::string date_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return "an unknown date";
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

/// Why the certificate is not one that TLS will accept for this end of a connection, or nothing. `purpose` is one of
/// OpenSSL's X509_PURPOSE_….
void verify(const credentials& what, X509* authority, X509* certificate, int purpose) {
  openssl::store trusted{X509_STORE_new()};
  openssl::store_context context{X509_STORE_CTX_new()};
  if (!trusted || !context || X509_STORE_add_cert(trusted.get(), authority) != 1 ||
      X509_STORE_CTX_init(context.get(), trusted.get(), certificate, nullptr) != 1)
    refuse(what.certificate, "it cannot be verified: " + openssl::last_error());
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context.get()), security_level);
  if (X509_verify_cert(context.get()) == 1)
    return;
  ERR_clear_error();
  auto code = X509_STORE_CTX_get_error(context.get());
  auto* wrong = X509_STORE_CTX_get_current_cert(context.get());
  auto is_authority = X509_STORE_CTX_get_error_depth(context.get()) > 0 && wrong != nullptr;
  const auto& file = is_authority ? what.authority : what.certificate;
  switch (code) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    refuse(file, "it was valid until " + date_of(X509_get0_notAfter(wrong)) +
                     ": make new credentials for all machines of the cluster");
  case X509_V_ERR_CERT_NOT_YET_VALID:
    refuse(file, "it is valid from " + date_of(X509_get0_notBefore(wrong)) + " on: is this machine's clock right?");
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    refuse(what.certificate, "it is not signed by the authority in " + what.authority.string() +
                                 ": all files have to be of one and the same cluster");
  case X509_V_ERR_INVALID_PURPOSE:
    if (!is_authority)
      refuse(file, "it is not for both ends of a connection: its extended key usage must have serverAuth and "
                   "clientAuth, or be absent");
    [[fallthrough]];
  default:
    refuse(file, std::string{"TLS will not accept it: "} + X509_verify_cert_error_string(code));
  }
}

} // namespace

credentials credentials::load(const std::filesystem::path& folder) {
  check_credential_folder(folder);
  credentials result{folder / authority_file, folder / certificate_file, folder / key_file, {}};
  auto authority = read_certificate(result.authority);
  auto certificate = read_certificate(result.certificate);
  auto key = read_key(result.key);
  result.token = read_token(folder / token_file);
  if (X509_check_ca(authority.get()) == 0)
    refuse(result.authority, "it is not an authority: its basic constraints must have CA:TRUE");
  for (auto purpose : {X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT})
    verify(result, authority.get(), certificate.get(), purpose);
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    refuse(result.key, "it is not the key of the certificate in " + result.certificate.string());
  }
  return result;
}

bool same_token(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace drover
