#include "drover/actors/core/staleness.hpp"

#include <algorithm>
#include <numeric>

namespace drover {

void staleness_histogram::record(std::uint64_t staleness) {
  ++counts_[std::min<std::uint64_t>(staleness, buckets - 1)];
  ++updates_;
  sum_ += staleness;
  max_ = std::max(max_, staleness);
}

bool staleness_histogram::restore(std::span<const std::uint64_t> counts, std::uint64_t sum, std::uint64_t max) {
  auto updates = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (counts.size() != (updates == 0 ? 0 : std::min<std::uint64_t>(max, buckets - 1) + 1))
    return false;
  counts_ = {};
  std::ranges::copy(counts, counts_.begin());
  updates_ = updates;
  sum_ = sum;
  max_ = max;
  return true;
}

std::span<const std::uint64_t> staleness_histogram::counts() const {
  auto used = updates_ == 0 ? 0 : std::min<std::uint64_t>(max_, buckets - 1) + 1;
  return {counts_.data(), used};
}

} // namespace drover
