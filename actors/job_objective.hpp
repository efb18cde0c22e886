#pragma once

#include "drover/actors/clipped_gradient.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/listed_batches.hpp"
#include "drover/actors/sim/objective.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace drover {

/// What simulated workers compute: a job's own gradients, bit for bit those of `gradient_computer`. All of them share
/// one device and one model; batches are each worker's own.
class job_objective final : public sim::objective {
public:
  explicit job_objective(std::shared_ptr<const job_context> context);

  [[nodiscard]] std::vector<row_keys> list_rows(std::uint32_t worker, const drover::list_rows& request) override;
  [[nodiscard]] gradient_computed compute(std::uint32_t worker, const compute_gradient& request) override;
  /// On the job's test samples.
  [[nodiscard]] batch_result evaluate(const_parameters parameters) override;

private:
  [[nodiscard]] listed_batches& batches_of(std::uint32_t worker);

  std::shared_ptr<const job_context> context_;
  clipped_gradient gradient_;
  std::vector<std::optional<listed_batches>> batches_; ///< by worker, made at its first step
};

} // namespace drover
