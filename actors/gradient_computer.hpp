#pragma once

#include "drover/actors/clipped_gradient.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/models/data/batch_source.hpp"

#include <memory>

namespace drover {

/// What a worker computes with: a device, a model and its batches. Serves one thread; knows nothing of actors, so that
/// the bare training loop of a test or benchmark does the very arithmetic of a worker.
class gradient_computer {
public:
  gradient_computer(const std::shared_ptr<const job_context>& context, std::uint32_t worker);

  /// The gradient of one step, clipped as the job says.
  [[nodiscard]] gradient_computed compute(std::uint64_t clock, const_parameters parameters) {
    return gradient_.compute(batches_.at(clock), clock, parameters);
  }

private:
  clipped_gradient gradient_;
  batch_source batches_;
};

} // namespace drover
