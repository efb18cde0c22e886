#pragma once

#include "drover/actors/clipped_gradient.hpp"
#include "drover/actors/in_place_step.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/models/data/batch_source.hpp"
#include "drover/models/data/block_source.hpp"

#include <memory>
#include <optional>

namespace drover {

/// What a worker computes with: a device, a model and its batches. Serves one thread; knows nothing of actors, so that
/// the bare training loop of a test or benchmark does the very arithmetic of a worker.
class gradient_computer {
public:
  gradient_computer(const std::shared_ptr<const job_context>& context, std::uint32_t worker);

  /// The gradient of one step, clipped as the job says. Where the job works in place, the step is done, in the shards'
  /// memory, and there is none; `parameters` are not looked at. `block`: as of compute_gradient.
  [[nodiscard]] gradient_computed compute(std::uint64_t clock, const_parameters parameters,
                                          const std::optional<block_turn>& block = {}) {
    auto samples = block ? blocks_->at(block->item_part, block->round) : batches_->at(clock);
    return in_place_ ? in_place_->compute(samples, clock) : gradient_->compute(samples, clock, parameters);
  }

private:
  std::optional<clipped_gradient> gradient_;
  std::optional<in_place_step> in_place_; ///< one of the two
  std::optional<batch_source> batches_;
  std::optional<block_source> blocks_; ///< one of the two
};

} // namespace drover
