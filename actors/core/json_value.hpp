#pragma once

#include <capnp/compat/json.capnp.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace drover {

// What every reader of JSON from outside asks of a value, be it a job, a cluster or the header of a saved model.

/// JSON's numbers are doubles: above this not every whole number is one.
inline constexpr std::uint64_t exact_number_max = std::uint64_t{1} << 53;

/// Whether this is a whole number from 0 to `exact_number_max`.
[[nodiscard]] bool is_exact_whole(double value);

/// A value as a sentence names it: 'null', '0.1', 'the text "two"', 'an array'.
[[nodiscard]] std::string in_words(capnp::json::Value::Reader value);

/// A text from outside, cut to what a sentence bears.
[[nodiscard]] std::string shortened(std::string_view text);

[[nodiscard]] inline std::string_view view_of(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

} // namespace drover
