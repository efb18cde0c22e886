#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/actors/type_ids.hpp"

#include <memory>
#include <optional>

namespace drover {

/// Computes one worker's gradients. Spawn it detached: a computation takes milliseconds and must not hold a thread of
/// the scheduler. What throws is told to the worker in a sentence, and the actor goes on.
struct compute_state {
  std::optional<gradient_computer> computer; ///< made at the first request, in the actor's own thread
};

compute_actor::behavior_type compute_behavior(compute_actor::stateful_pointer<compute_state> self,
                                              std::shared_ptr<const job_context> context, std::uint32_t worker,
                                              worker_actor owner);

/// Tests parameters on the job's test samples; the same in all else.
struct evaluator_state {
  std::unique_ptr<gpu::device> device;
  std::unique_ptr<model> tested;
};

evaluator_actor::behavior_type evaluator_behavior(evaluator_actor::stateful_pointer<evaluator_state> self,
                                                  std::shared_ptr<const job_context> context, coordinator_actor owner);

} // namespace drover
