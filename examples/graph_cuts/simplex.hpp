#pragma once

#include <algorithm>
#include <functional>
#include <span>
#include <vector>

/// Moves a point, which may not be empty, to the nearest one whose elements are not negative and add up to 1 (Duchi,
/// Shalev-Shwartz, Singer and Chandra 2008, figure 1). `sorted` is room to work in.
inline void project_onto_simplex(std::span<float> point, std::vector<float>& sorted) {
  sorted.assign(point.begin(), point.end());
  std::ranges::sort(sorted, std::greater{});
  float sum = 0;
  float shift = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    sum += sorted[i];
    auto candidate = (sum - 1) / static_cast<float>(i + 1);
    if (sorted[i] <= candidate)
      break; // this element and those below it become 0
    shift = candidate;
  }
  for (auto& element : point)
    element = std::max(element - shift, 0.0f);
}
