#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/sim/assign_members.hpp"
#include "drover/actors/sim/cluster.hpp"

#include <cstdint>
#include <vector>

namespace drover::sim {

/// What members of a job may hold, in bytes, each in a process of its own. Data, a gradient's way through the model,
/// messages under way, and what a compensation keeps come on top.
struct member_memory {
  std::vector<std::uint64_t> shards; ///< each: its parameters and the state of the update rule
  std::uint64_t worker = 0;          ///< parameters, the gradient it computes, and as many as it has credits for

  [[nodiscard]] static member_memory of(const training_plan& plan);
};

/// Throws std::invalid_argument, with a sentence about the first, where a machine has less memory than its members
/// hold.
void check_memory(const cluster& on, const member_machines& places, const training_plan& plan);

} // namespace drover::sim
