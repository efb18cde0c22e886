#include "drover/actors/node/plane/handshake.hpp"

#include <doctest/doctest.h>

using namespace drover::plane;

namespace {

const identity own{.build = "one", .token = "sixteen bytes or more"};

hello sample_hello() {
  return {.what = wish::to_read, .shared_memory = true, .peer = 12, .random = random_nonce(), .refusal = {}};
}

} // namespace

TEST_CASE("a hello says who connects and what for") {
  auto challenge = decode_challenge(encode_challenge(random_nonce()));
  auto said = sample_hello();
  auto heard = decode_hello(encode_hello(said, own, challenge), own, challenge);
  CHECK(heard.refusal.empty());
  CHECK(heard.what == wish::to_read);
  CHECK(heard.shared_memory);
  CHECK(heard.peer == 12);
  CHECK(heard.random == said.random);
}

TEST_CASE("an answer says how the two get together") {
  auto random = random_nonce();
  auto heard = decode_answer(
      encode_answer({.shared_memory = true, .host = "host", .local_name = "name", .refusal = "no"}, own, random), own,
      random);
  CHECK(heard.shared_memory);
  CHECK(heard.host == "host");
  CHECK(heard.local_name == "name");
  CHECK(heard.refusal == "no");
}

TEST_CASE("a hello without the token, or one that was overheard, is not welcome and learns nothing") {
  auto challenge = random_nonce();
  auto other = own;
  other.token.back() ^= 1;
  other.build = "other";
  auto refusal = decode_hello(encode_hello(sample_hello(), other, challenge), own, challenge).refusal;
  CHECK(refusal == "it does not know this job's token");
  auto overheard = encode_hello(sample_hello(), own, challenge);
  CHECK(decode_hello(overheard, own, challenge).refusal.empty());
  CHECK(decode_hello(overheard, own, random_nonce()).refusal == refusal);
}

TEST_CASE("every byte of a hello and of an answer is under its proof") {
  auto random = random_nonce();
  auto said = encode_hello(sample_hello(), own, random);
  for (std::size_t i = 12; i < said.size(); ++i) {
    auto changed = said;
    changed[i] ^= std::byte{1};
    CHECK_FALSE(decode_hello(changed, own, random).refusal.empty());
  }
  auto answered = encode_answer({.shared_memory = true, .host = "h", .local_name = "n", .refusal = ""}, own, random);
  for (std::size_t i = 12; i < answered.size(); ++i) {
    auto changed = answered;
    changed[i] ^= std::byte{1};
    CHECK_THROWS_AS((void)decode_answer(changed, own, random), handshake_refused);
  }
}

TEST_CASE("another build is named to a peer that knows the token") {
  auto challenge = random_nonce();
  auto other = own;
  other.build = "two";
  CHECK(decode_hello(encode_hello(sample_hello(), other, challenge), own, challenge).refusal ==
        "it runs build \"two\", and the listener build \"one\"");
}

TEST_CASE("another version and another protocol are refused by name") {
  auto bytes = encode_challenge(random_nonce());
  bytes[8] = std::byte{9};
  CHECK_THROWS_WITH_AS((void)decode_challenge(bytes), doctest::Contains("version 9"), handshake_refused);
  bytes[0] = std::byte{0};
  CHECK_THROWS_WITH_AS((void)decode_challenge(bytes), doctest::Contains("does not speak"), handshake_refused);
}

TEST_CASE("a token that is too short and a build id that is too long are refused") {
  CHECK_THROWS_WITH_AS(check_identity({.build = "b", .token = "short"}), doctest::Contains("at least 16"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(check_identity({.build = std::string(65, 'b'), .token = own.token}),
                       doctest::Contains("1 to 64"), std::invalid_argument);
}
