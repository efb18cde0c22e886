#pragma once

#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/virtual_time.hpp"
#include "drover/messages/job.capnp.h"

#include <cstdint>

namespace drover::sim {

/// A bad cluster for a small job, drawn from a seed: machines with one member or several, in one rack or two; what a
/// step takes, what a message takes and what becomes of it; faults that end, and deaths that do not. Where workers are
/// replaced, there are machines to spare, and more deaths; or none at all, and all machines may hold shards.
struct hunted_cluster {
  cluster on;
  /// When the last fault is over, but for deaths.
  nanoseconds faults_end = 0;
  /// Nothing is lost or overtaken, nothing fails but by dying, no step takes much longer than others.
  bool is_calm = false;

  [[nodiscard]] static hunted_cluster draw(std::uint64_t seed, bool swarm, messages::Job::Reader job,
                                           bool replaces_workers, bool is_deathless);
};

} // namespace drover::sim
