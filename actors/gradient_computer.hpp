#pragma once

#include "drover/actors/clipped_gradient.hpp"
#include "drover/actors/in_place_step.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/listed_batches.hpp"
#include "drover/models/data/block_source.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace drover {

/// What a worker computes with: a device, a model and its batches. Serves one thread; knows nothing of actors, so that
/// the bare training loop of a test or benchmark does the very arithmetic of a worker.
class gradient_computer {
public:
  gradient_computer(const std::shared_ptr<const job_context>& context, std::uint32_t worker);

  /// The rows of sparse tables that a step needs: one list a key space.
  [[nodiscard]] std::vector<row_keys> list_rows(std::uint64_t clock, const slice_lease& lease = {}) {
    return batches_->list(clock, lease);
  }

  /// The gradient of one step, clipped as the job says. Where the job works in place, the step is done, in the shards'
  /// memory, and there is none; `parameters` are not looked at. The others: as of compute_gradient.
  [[nodiscard]] gradient_computed compute(std::uint64_t clock, const_parameters parameters,
                                          std::span<const shared_bulk> rows = {},
                                          const std::optional<block_turn>& block = {}, const slice_lease& lease = {}) {
    if (!rows.empty())
      return gradient_->compute(batches_->take(clock, lease), clock, parameters, rows);
    auto samples = block ? blocks_->at(block->item_part, block->round) : batches_->at(clock, lease);
    if (!in_place_)
      return gradient_->compute(samples, clock, parameters);
    auto done = in_place_->compute(samples, block ? block->schedule_step : clock);
    done.clock = clock;
    return done;
  }

private:
  std::optional<clipped_gradient> gradient_;
  std::optional<in_place_step> in_place_; ///< one of the two
  std::optional<listed_batches> batches_;
  std::optional<block_source> blocks_; ///< one of the two
};

} // namespace drover
