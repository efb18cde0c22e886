#pragma once

#include "drover/actors/job.hpp"
#include "drover/models/data/dataset.hpp"

#include <cstddef>

namespace drover::test {

/// Rows of the shape of RCV1's training data: features drawn by a power law, some 70 a row of equal size and of norm 1,
/// classes by a hidden linear model.
[[nodiscard]] dataset_pair rcv1_like(std::size_t train, std::size_t test, std::size_t features = 47'236);

/// Ratings that hidden factors of rank 4 give, with noise of 0.2.
[[nodiscard]] dataset_pair ratings_like(std::size_t train, std::size_t test, std::size_t users, std::size_t items);

/// A sparse support vector machine as Niu et al. 2011 train it.
[[nodiscard]] job published_svm();

} // namespace drover::test
