#pragma once

#include <capnp/compat/json.capnp.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

// What every reader of JSON from outside asks, be it for a job, a cluster or the header of a saved model.

/// Reads a text into `target`. Returns the lines of its names and values, as `lines_of_json` does. Throws json_error.
std::vector<std::uint32_t> decode_json(std::string_view text, capnp::json::Value::Builder target);

/// JSON's numbers are doubles: above this not every whole number is one.
inline constexpr std::uint64_t exact_number_max = std::uint64_t{1} << 53;

/// Whether this is a whole number from 0 to `exact_number_max`.
[[nodiscard]] bool is_exact_whole(double value);

/// A value as a sentence names it: 'null', '0.1', 'the text "two"', 'an array'.
[[nodiscard]] std::string in_words(capnp::json::Value::Reader value);

[[nodiscard]] inline std::string_view view_of(capnp::Text::Reader text) {
  return {text.begin(), text.size()};
}

} // namespace drover
