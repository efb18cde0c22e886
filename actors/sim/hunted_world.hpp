#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/sim/cluster.hpp"

#include <cstdint>

namespace drover::sim {

/// A small job on a bad cluster, drawn from a seed: everything that a hunt varies. All faults are over at `faults_end`,
/// but for what happens to single messages by chance.
struct hunted_world {
  training_plan plan;
  cluster on;
  nanoseconds faults_end = 0;
  /// Nothing may be applied for so long after that, unless something is wrong.
  nanoseconds deadline = 0;

  /// `swarm`: each kind of fault is left out of half of the worlds, so that the others are seen without it (Groce et
  /// al. 2012, Swarm testing).
  [[nodiscard]] static hunted_world draw(std::uint64_t seed, bool swarm);
};

} // namespace drover::sim
