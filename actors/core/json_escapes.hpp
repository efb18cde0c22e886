#pragma once

#include <string>
#include <string_view>

namespace drover {

/// JSON text in which no escape of the kind \uXXXX is left but \u0000: each is replaced by its character in UTF-8,
/// pairs of surrogates by one. Cap'n Proto's codec gets the letters among these digits wrong (seen in 0.9.2), and knows
/// no pairs. What is not a valid escape stays, for the codec to refuse.
[[nodiscard]] std::string without_unicode_escapes(std::string_view json);

} // namespace drover
