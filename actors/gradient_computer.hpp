#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/gpu/device.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/models/data/batch_source.hpp"

#include <memory>

namespace drover {

/// What a worker computes with: a device, a model and its batches. Serves one thread; knows nothing of actors, so that
/// the bare training loop of a test or benchmark does the very arithmetic of a worker.
class gradient_computer {
public:
  gradient_computer(std::shared_ptr<const job_context> context, std::uint32_t worker);

  /// The gradient of one step, clipped as the job says.
  [[nodiscard]] gradient_computed compute(std::uint64_t clock, const_parameters parameters);

private:
  void clip(bulk& gradient, gradient_computed& result);

  std::shared_ptr<const job_context> context_;
  std::unique_ptr<gpu::device> device_;
  std::unique_ptr<gpu::stream> stream_;
  std::unique_ptr<model> model_;
  batch_source batches_;
  bulk_pool pool_;
};

} // namespace drover
