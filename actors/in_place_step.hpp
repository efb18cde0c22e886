#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/models/in_place.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace drover {

/// What a worker does in place instead of a gradient: changes the parameters that the shards of its process lend.
/// Serves one thread; others do the same at the same time.
class in_place_step {
public:
  explicit in_place_step(std::shared_ptr<const job_context> context);

  /// One step with these samples, at this clock of the schedule. The result has no gradient.
  [[nodiscard]] gradient_computed compute(const batch& samples, std::uint64_t clock);

private:
  void find_memory();

  std::shared_ptr<const job_context> context_;
  job_rules rules_;
  std::unique_ptr<gpu::device> device_;
  std::unique_ptr<model> model_;
  std::vector<lent_place> lent_; ///< by block, from the first step on
  std::vector<float*> blocks_;
  std::vector<float*> states_;
};

} // namespace drover
