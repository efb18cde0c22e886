#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// A text is not JSON. `what` says why: "there is } where a value belongs".
class json_error : public std::invalid_argument {
public:
  json_error(std::size_t line, const std::string& why) : std::invalid_argument(why), line_(line) {}

  /// Of what is wrong, from 1; where the text ends too early, that of its last character.
  [[nodiscard]] std::size_t line() const { return line_; }

private:
  std::size_t line_;
};

/// Arrays and objects within each other: as many as Cap'n Proto's parser takes.
inline constexpr std::size_t json_depth_max = 64;

/// The lines, from 1, on which the names of members and the values of a JSON text (RFC 8259) begin, in the text's
/// order: Cap'n Proto's parser keeps the order but no places, and what it says of a text that is none is about itself.
/// Throws json_error.
[[nodiscard]] std::vector<std::uint32_t> lines_of_json(std::string_view text);

} // namespace drover
