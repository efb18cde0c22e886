#pragma once

#include "drover/actors/node/plane/connection.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace drover::plane {

// How a connection begins. Each message has a fixed size, so that nothing is allocated on the word of a stranger.
//
//     connecting                     listening
//       | <---------- challenge -------- |   a random number
//       | --- hello, proof of token ---> |   says nothing to what is no hello
//       | <-- answer, proof of token --- |
//
// A proof is HMAC-SHA256 under the token, over the other end's random number and the message itself: the token never
// travels, and a proof that was overheard is of no use later. What follows is secret and whole on its way only where
// both ends encrypt.

inline constexpr std::uint32_t protocol_version = 2;
inline constexpr std::size_t challenge_bytes = 48;
inline constexpr std::size_t hello_bytes = 152;
inline constexpr std::size_t answer_bytes = 352;

using nonce = std::array<std::byte, 32>;

/// Why two processes do not get together, as one sentence.
class handshake_refused : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

enum class wish : std::uint8_t {
  to_ask = 0, ///< for the ways there are: the answer is all
  to_write = 1,
  to_read = 2,
};

struct hello {
  wish what = wish::to_ask;
  bool shared_memory = false; ///< could share it
  std::uint64_t peer = 0;     ///< who connects
  nonce random{};
  std::string refusal; ///< why the peer is not welcome; empty: it is. Then only `random` means something
};

struct answer {
  bool shared_memory = false; ///< will be used
  std::string host;           ///< the same for processes that may reach each other by `local_name`
  std::string local_name;     ///< abstract Unix socket
  std::string refusal;        ///< why not; empty: welcome
};

[[nodiscard]] nonce random_nonce();

/// Throws std::invalid_argument, with a sentence, for a token or build that is too short or too long.
void check_identity(const identity& own);

[[nodiscard]] std::array<std::byte, challenge_bytes> encode_challenge(const nonce& random);
[[nodiscard]] std::array<std::byte, hello_bytes> encode_hello(const hello& what, const identity& own,
                                                              const nonce& challenge);
[[nodiscard]] std::array<std::byte, answer_bytes> encode_answer(const answer& what, const identity& own,
                                                                const nonce& hello);

// The reverse. Throw handshake_refused for what is no such message, or has no proof; a hello without one says so by its
// refusal. Nothing is told of this process's build to a peer that has not proved that it knows the token.
[[nodiscard]] nonce decode_challenge(std::span<const std::byte, challenge_bytes> bytes);
[[nodiscard]] hello decode_hello(std::span<const std::byte, hello_bytes> bytes, const identity& own,
                                 const nonce& challenge);
[[nodiscard]] answer decode_answer(std::span<const std::byte, answer_bytes> bytes, const identity& own,
                                   const nonce& hello);

/// Equal for processes under one running kernel, empty where that is not known.
[[nodiscard]] std::string host_id();

} // namespace drover::plane
