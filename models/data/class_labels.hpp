#pragma once

#include <span>
#include <string>
#include <vector>

namespace drover {

/// Labels that are classes are between minus that and that: from here on not all whole numbers are floats, and
/// different ones would be the same.
inline constexpr float class_label_bound = 16'777'216;

/// What a class is called whose label is a number: as people write it, "-1", "2" or "0.5".
[[nodiscard]] std::string class_name(float label);

/// The names of such classes, sorted as text, each once. Of -1 and 1, and of 1 and 2, the larger label is the second.
[[nodiscard]] std::vector<std::string> class_names(std::span<const float> labels);

/// Whether labels, each given once and ascending, are two that have to be named: any but 0 and 1, which number
/// themselves.
[[nodiscard]] bool are_two_names(std::span<const float> labels);

} // namespace drover
