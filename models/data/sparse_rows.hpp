#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Labelled samples of which most features are 0 and need not be there: compressed sparse rows. A view of memory that
/// somebody else keeps.
struct sparse_rows_view {
  std::span<const std::uint64_t> ends;    ///< one a row: behind its last feature
  std::span<const std::uint32_t> columns; ///< of each feature; ascending within a row
  std::span<const float> values;          ///< of each feature; finite
  std::span<const float> labels;          ///< one a row; finite

  struct row {
    std::span<const std::uint32_t> columns;
    std::span<const float> values;
    float label = 0;
  };

  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] row operator[](std::size_t which) const {
    auto begin = which == 0 ? 0 : ends[which - 1];
    auto count = ends[which] - begin;
    return {columns.subspan(begin, count), values.subspan(begin, count), labels[which]};
  }
};

/// The same as a plain value, which readers add rows to.
struct sparse_rows {
  std::vector<std::uint64_t> ends;
  std::vector<std::uint32_t> columns;
  std::vector<float> values;
  std::vector<float> labels;

  using row = sparse_rows_view::row;

  void clear() {
    ends.clear();
    columns.clear();
    values.clear();
    labels.clear();
  }
  [[nodiscard]] sparse_rows_view view() const { return {ends, columns, values, labels}; }
  [[nodiscard]] std::size_t size() const { return ends.size(); }
  [[nodiscard]] row operator[](std::size_t which) const { return view()[which]; }
};

} // namespace drover
