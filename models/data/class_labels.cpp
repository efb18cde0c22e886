#include "drover/models/data/class_labels.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>

namespace drover {

std::string class_name(float label) {
  if (label == std::trunc(label) && std::abs(label) <= class_label_bound)
    return std::to_string(static_cast<long>(label));
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), label).ptr;
  return {digits.data(), end};
}

std::vector<std::string> class_names(std::span<const float> labels) {
  std::vector<std::string> result;
  std::ranges::transform(labels, std::back_inserter(result), class_name);
  std::ranges::sort(result);
  return result;
}

bool are_two_names(std::span<const float> labels) {
  return labels.size() == 2 && !(labels[0] == 0 && labels[1] == 1);
}

} // namespace drover
