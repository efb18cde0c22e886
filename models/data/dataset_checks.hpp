#pragma once

#include "drover/models/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace drover {

// What every data set in memory asks of its caller. Both throw std::invalid_argument with a sentence.

/// No more samples than 32-bit indices, and each label below `classes`.
void check_labels(std::span<const std::uint32_t> labels, std::size_t classes);

/// Samples that are there, and room for so many features and labels.
void check_read(const dataset& from, std::span<const std::uint32_t> samples, std::size_t features, std::size_t labels);

} // namespace drover
