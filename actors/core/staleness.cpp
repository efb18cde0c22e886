#include "drover/actors/core/staleness.hpp"

#include <algorithm>

namespace drover {

void staleness_histogram::record(std::uint64_t staleness) {
  ++counts_[std::min<std::uint64_t>(staleness, buckets - 1)];
  ++updates_;
  sum_ += staleness;
  max_ = std::max(max_, staleness);
}

std::span<const std::uint64_t> staleness_histogram::counts() const {
  auto used = updates_ == 0 ? 0 : std::min<std::uint64_t>(max_, buckets - 1) + 1;
  return {counts_.data(), used};
}

} // namespace drover
