#include "drover/actors/node/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace drover {

namespace {

constexpr long seconds_a_day = 24L * 60 * 60;

// RFC 5280 allows 20; 63 bits of chance or more are asked for.
constexpr std::size_t serial_bytes = 16;

using number = std::unique_ptr<BIGNUM, openssl::freer<BN_free>>;

/// Throws where a call of OpenSSL did not do what it should.
void require(bool done) {
  if (!done)
    throw std::runtime_error("cannot make credentials: " + openssl::last_error());
}

std::vector<unsigned char> random_bytes(std::size_t count) {
  std::vector<unsigned char> result(count);
  require(RAND_priv_bytes(result.data(), static_cast<int>(count)) == 1);
  return result;
}

void set_serial(X509* certificate) {
  auto bytes = random_bytes(serial_bytes);
  bytes.front() &= 0x7f; // it has to be positive
  number serial{BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
  require(serial && BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_name(X509* certificate, const std::string& name) {
  const auto* text = reinterpret_cast<const unsigned char*>(name.data());
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text,
                                     static_cast<int>(name.size()), -1, 0) == 1);
}

void set_extensions(X509* certificate, X509* issuer, const std::vector<certificate_extension>& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  for (auto [id, value] : extensions) {
    openssl::extension made{X509V3_EXT_conf_nid(nullptr, &context, id, value)};
    require(made && X509_add_ext(certificate, made.get(), -1) == 1);
  }
}

std::string contents_of(BIO* memory) {
  char* bytes = nullptr;
  auto size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

} // namespace

openssl::key make_key() {
  openssl::key result{EVP_EC_gen("P-256")};
  require(result != nullptr);
  return result;
}

openssl::certificate make_certificate(const certificate_request& what, X509* issuer, EVP_PKEY* key) {
  openssl::certificate result{X509_new()};
  require(result != nullptr);
  auto* made = result.get();
  if (issuer == nullptr)
    issuer = made;
  set_serial(made);
  set_name(made, what.name);
  require(X509_set_version(made, X509_VERSION_3) == 1 &&
          X509_gmtime_adj(X509_getm_notBefore(made), what.from_days * seconds_a_day) != nullptr &&
          X509_gmtime_adj(X509_getm_notAfter(made), what.until_days * seconds_a_day) != nullptr &&
          X509_set_pubkey(made, what.key) == 1 && X509_set_issuer_name(made, X509_get_subject_name(issuer)) == 1);
  set_extensions(made, issuer, what.extensions);
  require(X509_sign(made, key, EVP_sha256()) > 0);
  return result;
}

std::string to_pem(X509* certificate) {
  openssl::bio out{BIO_new(BIO_s_mem())};
  require(out && PEM_write_bio_X509(out.get(), certificate) == 1);
  return contents_of(out.get());
}

std::string to_pem(EVP_PKEY* key) {
  openssl::bio out{BIO_new(BIO_s_secmem())}; // wiped when it is freed
  require(out && PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return contents_of(out.get());
}

std::string random_digits(std::size_t bytes) {
  constexpr auto digits = "0123456789abcdef";
  std::string result;
  for (auto byte : random_bytes(bytes)) {
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

} // namespace drover
