#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace drover {

/// Characters of a foreign text that a sentence shows.
inline constexpr std::size_t printable_max = 60;

/// A text from outside as a sentence can quote it, in one line and without harm to a terminal: control characters are
/// written as escapes, \n or \x1b, as are bytes that are no UTF-8; what follows the first `printable_max` characters is
/// left out, with a sign that it is.
[[nodiscard]] std::string printable(std::string_view text);

} // namespace drover
