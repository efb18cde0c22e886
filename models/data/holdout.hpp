#pragma once

#include "drover/models/data/dataset.hpp"

#include <cstdint>
#include <memory>

namespace drover {

/// Parts a data set in two: `share` of its samples (at least one, not all), drawn by the seed, to test on, the rest to
/// train on; both in their former order. Throws std::invalid_argument with a sentence where share is not above 0 and
/// below 1 or there are fewer than two samples.
[[nodiscard]] dataset_pair hold_out(std::shared_ptr<const dataset> all, double share, std::uint64_t seed);

} // namespace drover
