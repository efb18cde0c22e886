#pragma once

#include "drover/models/batch.hpp"
#include "drover/models/layout.hpp"
#include "drover/models/row_keys.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// A batch whose features, or users and items, are numbered anew, from 0, in the order of their keys: with it a model
/// computes from the rows of sparse tables that these samples need as if there were no others. What a model does with a
/// batch does not depend on these numbers, so the result has the same bits. Immutable.
class compact_batch {
public:
  /// `layout`: with tables. Copies what it needs of the samples. Throws std::invalid_argument with a sentence for
  /// samples without rows or ratings.
  compact_batch(const batch& samples, const parameter_layout& layout);
  compact_batch(compact_batch&&) = default;
  compact_batch& operator=(compact_batch&&) = default;

  /// For each key space of the layout the keys of the rows that these samples need.
  [[nodiscard]] std::span<const row_keys> keys() const { return keys_; }

  /// The samples; valid as long as this object.
  [[nodiscard]] batch samples() const;

private:
  void add_rows(const batch& samples);

  std::vector<row_keys> keys_;
  std::vector<std::uint32_t> places_; ///< 0 … size - 1
  sparse_rows rows_;
  sparse_rows_view view_;
  std::vector<std::uint32_t> classes_;
  std::vector<rating> ratings_;
};

} // namespace drover
