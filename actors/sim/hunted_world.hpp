#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/replacement.hpp"
#include "drover/actors/sim/virtual_time.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace drover::sim {

/// A small job on a bad cluster, drawn from a seed: everything that a hunt varies, and what follows from it for how the
/// job may end.
struct hunted_world {
  training_plan plan;
  cluster on;
  /// All faults are over then, but for deaths and for what happens to single messages by chance.
  nanoseconds faults_end = 0;
  /// Nothing may be applied for so long after that, unless something is wrong.
  nanoseconds deadline = 0;
  /// When somebody asks for an early end.
  std::optional<nanoseconds> stop;
  /// Shards whose machine dies for good, and when.
  std::map<std::uint32_t, nanoseconds> shard_deaths;
  /// Whether nothing may progress for as long as the job waits until it complains. Some of a job's members may die
  /// without that, and without it a world has to come to its end whatever else happens.
  bool may_stall = false;
  /// Whether workers that are lost get new places, and how.
  replacement places;
  /// With that: nothing keeps a worker from being replaced, but that its new place is lost as well.
  bool finds_places = false;

  /// `swarm`: each kind of fault is left out of half of the worlds, so that the others are seen without it (Groce et
  /// al. 2012, Swarm testing).
  [[nodiscard]] static hunted_world draw(std::uint64_t seed, bool swarm, bool may_be_deathless = true);
};

} // namespace drover::sim
