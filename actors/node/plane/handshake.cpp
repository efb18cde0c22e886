#include "drover/actors/node/plane/handshake.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string_view>

namespace drover::plane {

namespace {

constexpr std::array<char, 8> magic{'D', 'r', 'o', 'v', 'e', 'r', 'P', '\n'};
using proof = std::array<std::byte, 32>;

struct wire_challenge {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint32_t reserved = 0;
  nonce random{};
};
static_assert(sizeof(wire_challenge) == challenge_bytes);

struct wire_hello {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint8_t wish = 0;
  std::uint8_t shared_memory = 0;
  std::uint8_t encrypted = 0;
  std::uint8_t reserved = 0;
  std::uint64_t peer = 0;
  nonce random{};
  std::array<char, identity::build_bytes_max> build{};
  proof known{};
};
static_assert(sizeof(wire_hello) == hello_bytes);

struct wire_answer {
  std::array<char, 8> magic{};
  std::uint32_t version = 0;
  std::uint8_t shared_memory = 0;
  std::array<std::uint8_t, 3> reserved{};
  std::array<char, 40> host{};
  std::array<char, 64> local_name{};
  std::array<char, 200> refusal{};
  proof known{};
};
static_assert(sizeof(wire_answer) == answer_bytes);

template <std::size_t Size>
void put(std::array<char, Size>& field, std::string_view text) {
  std::ranges::copy(text.substr(0, Size), field.begin());
}

template <std::size_t Size>
std::string text_of(const std::array<char, Size>& field) {
  return {field.begin(), std::ranges::find(field, '\0')};
}

template <class Wire>
auto bytes_of(const Wire& what) {
  std::array<std::byte, sizeof(Wire)> result{};
  std::memcpy(result.data(), &what, sizeof(Wire));
  return result;
}

template <class Wire>
Wire wire_of(std::span<const std::byte> bytes) {
  Wire result;
  std::memcpy(&result, bytes.data(), sizeof(Wire));
  return result;
}

// The two kinds of message have different lengths, so that neither proof is one for the other.
template <class Wire>
proof proof_of(Wire what, const identity& own, const nonce& random) {
  what.known = {};
  std::array<std::byte, sizeof(nonce) + sizeof(Wire)> text{};
  std::ranges::copy(random, text.begin());
  std::memcpy(text.data() + sizeof(nonce), &what, sizeof(Wire));
  proof result{};
  if (!::HMAC(EVP_sha256(), own.token.data(), static_cast<int>(own.token.size()),
              reinterpret_cast<const unsigned char*>(text.data()), text.size(),
              reinterpret_cast<unsigned char*>(result.data()), nullptr))
    throw handshake_refused("the proof of a token could not be computed");
  return result;
}

template <class Wire>
bool proves_token(const Wire& what, const identity& own, const nonce& random) {
  auto expected = proof_of(what, own, random);
  return ::CRYPTO_memcmp(expected.data(), what.known.data(), expected.size()) == 0;
}

template <class Wire>
void check_protocol(const Wire& what) {
  if (what.magic != magic)
    throw handshake_refused("it does not speak as a data plane of Drover's does");
  if (what.version != protocol_version)
    throw handshake_refused("it speaks version " + std::to_string(what.version) +
                            " of the data plane, and this process version " + std::to_string(protocol_version));
}

} // namespace

nonce random_nonce() {
  nonce result{};
  if (::RAND_bytes(reinterpret_cast<unsigned char*>(result.data()), static_cast<int>(result.size())) != 1)
    throw std::runtime_error("the system gives no random numbers");
  return result;
}

void check_identity(const identity& own) {
  if (own.token.size() < identity::token_bytes_min)
    throw std::invalid_argument("the data plane's token has " + std::to_string(own.token.size()) + " bytes: at least " +
                                std::to_string(identity::token_bytes_min) + " are needed");
  if (own.build.empty() || own.build.size() > identity::build_bytes_max)
    throw std::invalid_argument("the data plane's build id has " + std::to_string(own.build.size()) + " bytes: 1 to " +
                                std::to_string(identity::build_bytes_max) + " are allowed");
}

std::array<std::byte, challenge_bytes> encode_challenge(const nonce& random) {
  return bytes_of(wire_challenge{.magic = magic, .version = protocol_version, .random = random});
}

nonce decode_challenge(std::span<const std::byte, challenge_bytes> bytes) {
  auto what = wire_of<wire_challenge>(bytes);
  check_protocol(what);
  return what.random;
}

std::array<std::byte, hello_bytes> encode_hello(const hello& what, const identity& own, const nonce& challenge) {
  wire_hello wire{.magic = magic,
                  .version = protocol_version,
                  .wish = static_cast<std::uint8_t>(what.what),
                  .shared_memory = what.shared_memory,
                  .encrypted = own.encrypted,
                  .peer = what.peer,
                  .random = what.random};
  put(wire.build, own.build);
  wire.known = proof_of(wire, own, challenge);
  return bytes_of(wire);
}

hello decode_hello(std::span<const std::byte, hello_bytes> bytes, const identity& own, const nonce& challenge) {
  auto wire = wire_of<wire_hello>(bytes);
  check_protocol(wire);
  hello result{.what = static_cast<wish>(wire.wish),
               .shared_memory = wire.shared_memory != 0,
               .peer = wire.peer,
               .random = wire.random,
               .refusal = {}};
  if (!proves_token(wire, own, challenge))
    result.refusal = "it does not know this job's token";
  else if (auto build = text_of(wire.build); build != own.build)
    result.refusal = "it runs build \"" + build + "\", and the listener build \"" + own.build + "\"";
  else if ((wire.encrypted != 0) != own.encrypted)
    result.refusal =
        own.encrypted ? "it does not encrypt, and the listener does" : "it encrypts, and the listener does not";
  else if (wire.wish > static_cast<std::uint8_t>(wish::to_read))
    result.refusal = "it wants neither to write nor to read";
  return result;
}

std::array<std::byte, answer_bytes> encode_answer(const answer& what, const identity& own, const nonce& hello) {
  wire_answer wire{.magic = magic, .version = protocol_version, .shared_memory = what.shared_memory};
  put(wire.host, what.host);
  put(wire.local_name, what.local_name);
  put(wire.refusal, what.refusal);
  wire.known = proof_of(wire, own, hello);
  return bytes_of(wire);
}

answer decode_answer(std::span<const std::byte, answer_bytes> bytes, const identity& own, const nonce& hello) {
  auto wire = wire_of<wire_answer>(bytes);
  check_protocol(wire);
  if (!proves_token(wire, own, hello))
    throw handshake_refused("it does not know this job's token");
  return {.shared_memory = wire.shared_memory != 0,
          .host = text_of(wire.host),
          .local_name = text_of(wire.local_name),
          .refusal = text_of(wire.refusal)};
}

std::string host_id() {
  std::string result;
  std::ifstream file{"/proc/sys/kernel/random/boot_id"};
  std::getline(file, result);
  return result;
}

} // namespace drover::plane
