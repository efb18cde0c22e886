#pragma once

#include "drover/messages/message.hpp"

#include "tests/fuzz/input.hpp"
#include <optional>

namespace drover::fuzz {

/// Changes some of `bytes`, of which there are any, as the input says: pairs of place and change, after their number.
/// Without pairs they stay as they are.
inline void mangle(std::span<std::byte> bytes, input& in) {
  auto changes = in.take<std::uint8_t>();
  for (unsigned i = 0; i < changes && !in.empty(); ++i) {
    auto place = in.take<std::uint16_t>() % bytes.size();
    bytes[place] ^= std::byte{in.take<std::uint8_t>()};
  }
}

/// A message with some bytes of its flat form changed so. Nothing where it cannot be taken apart any more. A fuzzer
/// reaches deep states by messages that stay as they are and mangles one there.
template <class T>
std::optional<message<T>> mangle(const message<T>& source, input& in) {
  auto bytes = source.segments().flatten();
  mangle(std::span{bytes}, in);
  try {
    return message<T>{frame::unflatten(bytes)};
  } catch (const malformed_message&) {
    return std::nullopt;
  }
}

} // namespace drover::fuzz
