#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Labelled samples of which most features are 0 and need not be there: compressed sparse rows. A plain value.
struct sparse_rows {
  std::vector<std::uint64_t> ends;    ///< one a row: behind its last feature
  std::vector<std::uint32_t> columns; ///< of each feature; ascending within a row
  std::vector<float> values;          ///< of each feature; finite
  std::vector<float> labels;          ///< one a row; finite

  struct row {
    std::span<const std::uint32_t> columns;
    std::span<const float> values;
    float label = 0;
  };

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] row operator[](std::size_t which) const {
    auto begin = which == 0 ? 0 : ends[which - 1];
    auto count = ends[which] - begin;
    return {std::span{columns}.subspan(begin, count), std::span{values}.subspan(begin, count), labels[which]};
  }
};

} // namespace drover
