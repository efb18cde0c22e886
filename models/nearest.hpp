#pragma once

#include <span>
#include <string>
#include <string_view>

namespace drover {

/// The candidate that takes the fewest single-letter changes (insert, remove, replace, swap of neighbours) to reach
/// from `word`, letters' case counting half, for "did you mean …"; the first of several, empty where there are no
/// candidates.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> candidates);

/// "a, b, c".
[[nodiscard]] std::string joined(std::span<const std::string> words);

} // namespace drover
