#include "drover/actors/sim/assign_members.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

namespace drover::sim {

namespace {

std::vector<std::uint32_t> round_robin(const cluster& on, std::uint32_t wanted, std::uint32_t machine::*limit,
                                       const std::string& members) {
  auto machines = on.machines();
  std::uint64_t room = 0;
  for (const auto& one : machines)
    room += one.*limit;
  if (room < wanted)
    throw std::invalid_argument("the cluster's machines hold " + std::to_string(room) + ' ' + members + ", and " +
                                std::to_string(wanted) + " are asked for: more machines, or a larger `" + members +
                                "` of the groups, would hold them");
  std::vector<std::uint32_t> open(machines.size());
  std::iota(open.begin(), open.end(), 0u);
  std::vector<std::uint32_t> result;
  result.reserve(wanted);
  for (std::uint32_t round = 0; result.size() < wanted; ++round) {
    std::erase_if(open, [&](std::uint32_t i) { return machines[i].*limit <= round; });
    auto count = std::min<std::size_t>(open.size(), wanted - result.size());
    result.insert(result.end(), open.begin(), open.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return result;
}

} // namespace

std::uint32_t member_machines::of(address who) const {
  switch (who.kind) {
  case address::role::shard:
    return shards.at(who.index);
  case address::role::worker:
    return workers.at(who.index);
  case address::role::coordinator:
    break;
  }
  return coordinator;
}

member_machines assign_members(const cluster& on, std::uint32_t workers, std::uint32_t shards) {
  return {0, round_robin(on, shards, &machine::shards_max, "shards"),
          round_robin(on, workers, &machine::workers_max, "workers")};
}

} // namespace drover::sim
