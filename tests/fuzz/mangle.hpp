#pragma once

#include "drover/messages/message.hpp"

#include "tests/fuzz/input.hpp"
#include <optional>

namespace drover::fuzz {

/// A message with some bytes of its flat form changed as the input says: pairs of place and change, after their number.
/// Nothing where it cannot be taken apart any more. With no pairs the message is as it was, so that a fuzzer reaches
/// deep states by correct messages and mangles one there.
template <class T>
std::optional<message<T>> mangle(const message<T>& source, input& in) {
  auto changes = in.take<std::uint8_t>();
  if (changes == 0)
    return source;
  auto bytes = source.segments().flatten();
  for (unsigned i = 0; i < changes && !in.empty(); ++i) {
    auto place = in.take<std::uint16_t>() % bytes.size();
    bytes[place] ^= std::byte{in.take<std::uint8_t>()};
  }
  try {
    return message<T>{frame::unflatten(bytes)};
  } catch (const malformed_message&) {
    return std::nullopt;
  }
}

} // namespace drover::fuzz
