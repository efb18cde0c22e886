#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"
#include "drover/gpu/device.hpp"

#include <memory>

namespace drover {

/// Tests parameters on the job's test samples. Spawn it detached: that takes long, and must not hold a thread of the
/// scheduler. What throws is told to the coordinator in a sentence, and the actor goes on.
struct evaluator_state {
  std::unique_ptr<gpu::device> device; ///< made at the first request, in the actor's own thread
  std::unique_ptr<model> tested;
};

evaluator_actor::behavior_type evaluator_behavior(evaluator_actor::stateful_pointer<evaluator_state> self,
                                                  std::shared_ptr<const job_context> context, coordinator_actor owner);

} // namespace drover
