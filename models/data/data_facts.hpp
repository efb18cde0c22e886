#pragma once

#include "drover/models/data/dataset.hpp"

#include <memory>
#include <vector>

namespace drover {

/// What models have to know of all samples to train on. Shared by those of a process.
struct data_facts {
  /// Rows: for each feature 1 / d where d samples have it, 0 where none has. Null for other kinds.
  std::shared_ptr<const std::vector<float>> shares = {};
  /// Ratings: their mean. 0 for other kinds.
  float rating_mean = 0;
};

/// Looks through all samples. Throws std::invalid_argument with a sentence for rows with a column, or ratings with a
/// user or item, that is not below what the shape says: models use them as indices.
[[nodiscard]] data_facts facts_of(const dataset& samples, sample_kind kind);

/// The same check alone; ratings of users and items that are unknown are allowed.
void check_indices(const dataset& samples, sample_kind kind);

} // namespace drover
