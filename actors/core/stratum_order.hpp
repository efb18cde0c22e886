#pragma once

#include "drover/actors/core/block_turn.hpp"

#include <cstdint>

namespace drover {

/// Who works on which block when, under dsgd (Gemulla et al. 2011). A stratum is a block of each worker, no two of the
/// same users or items; step by step all workers go through one, and in an epoch of as many steps as there are workers
/// through each block once. The order of an epoch's strata is drawn from (seed, epoch): the paper's proof of
/// convergence is for such orders.
class stratum_order {
public:
  stratum_order(std::uint32_t workers, std::uint64_t seed) : workers_(workers), seed_(seed) {}

  /// The block of one worker, below `workers`, at a step. The same wherever it is asked for.
  [[nodiscard]] block_turn at(std::uint32_t worker, std::uint64_t step) const;

private:
  std::uint32_t workers_;
  std::uint64_t seed_;
};

} // namespace drover
