#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/actors/distant_memory.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/gpu/device.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/models/batch.hpp"
#include "drover/models/compact_batch.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace drover {

/// The gradient of a batch, clipped as the job says, on a device and with a model of its own: the arithmetic of a
/// worker, whoever the worker is. Parameters, batches and gradients lie in host memory; a device that does not read it
/// gets copies. Serves one thread.
class clipped_gradient {
public:
  /// `kept_max`: gradients that are let go of, kept for the next ones.
  clipped_gradient(std::shared_ptr<const job_context> context, std::size_t kept_max,
                   std::unique_ptr<gpu::device> device = gpu::make_cpu_device());

  /// `clock` goes into the result only.
  [[nodiscard]] gradient_computed compute(const batch& samples, std::uint64_t clock, const_parameters parameters);

  /// The same for a model with sparse tables. `rows`: of each table those that the samples need.
  [[nodiscard]] gradient_computed compute(const compact_batch& samples, std::uint64_t clock,
                                          const_parameters parameters, std::span<const shared_bulk> rows);

  /// The model that it computes with, for others in the same thread.
  [[nodiscard]] model& learned() { return *model_; }

private:
  /// Norm of all parts together before clipping, 0 where nothing is clipped.
  [[nodiscard]] double clip(std::span<const std::span<float>> parts);

  std::shared_ptr<const job_context> context_;
  std::unique_ptr<gpu::device> device_;
  std::unique_ptr<gpu::stream> stream_;
  std::unique_ptr<model> model_;
  std::optional<distant_memory> copies_; ///< where the device needs them
  bulk_pool pool_;
};

} // namespace drover
