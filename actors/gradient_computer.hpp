#pragma once

#include "drover/actors/clipped_gradient.hpp"
#include "drover/actors/in_place_step.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/models/data/batch_source.hpp"

#include <memory>
#include <optional>

namespace drover {

/// What a worker computes with: a device, a model and its batches. Serves one thread; knows nothing of actors, so that
/// the bare training loop of a test or benchmark does the very arithmetic of a worker.
class gradient_computer {
public:
  gradient_computer(const std::shared_ptr<const job_context>& context, std::uint32_t worker);

  /// The gradient of one step, clipped as the job says. With hogwild the step is done, in the shards' memory, and there
  /// is none; `parameters` are not looked at.
  [[nodiscard]] gradient_computed compute(std::uint64_t clock, const_parameters parameters) {
    auto samples = batches_.at(clock);
    return in_place_ ? in_place_->compute(samples, clock) : gradient_->compute(samples, clock, parameters);
  }

private:
  std::optional<clipped_gradient> gradient_;
  std::optional<in_place_step> in_place_; ///< one of the two is there
  batch_source batches_;
};

} // namespace drover
