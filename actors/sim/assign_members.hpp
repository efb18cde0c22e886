#pragma once

#include "drover/actors/core/address.hpp"
#include "drover/actors/sim/cluster.hpp"

#include <cstdint>
#include <vector>

namespace drover::sim {

/// Which machine each member of a job runs on, by index into the cluster's machines.
struct member_machines {
  std::uint32_t coordinator = 0;
  std::vector<std::uint32_t> shards;
  std::vector<std::uint32_t> workers;

  [[nodiscard]] std::uint32_t of(address who) const;
};

/// Round after round, each machine that may host one more gets one, and within a round racks take turns: numbers on two
/// machines differ by more than one only where a limit says so, and a job smaller than the cluster is in all its racks.
/// The coordinator is on the first machine. Throws std::invalid_argument where the machines cannot hold that many.
[[nodiscard]] member_machines assign_members(const cluster& on, std::uint32_t workers, std::uint32_t shards);

} // namespace drover::sim
