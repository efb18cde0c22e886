#include "drover/actors/sim/assign_members.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

namespace drover::sim {

namespace {

/// All machines: the first of each rack, then the second of each, and so on.
std::vector<std::uint32_t> across_racks(const cluster& on) {
  std::vector<std::uint32_t> seen(on.racks().size());
  std::vector<std::uint32_t> place_in_rack;
  for (const auto& one : on.machines())
    place_in_rack.push_back(seen[one.rack]++);
  std::vector<std::uint32_t> result(on.machines().size());
  std::iota(result.begin(), result.end(), 0u);
  std::ranges::stable_sort(result, {}, [&](std::uint32_t i) { return place_in_rack[i]; });
  return result;
}

std::vector<std::uint32_t> round_robin(const cluster& on, std::uint32_t wanted, std::uint32_t machine::*limit,
                                       const std::string& members) {
  auto machines = on.machines();
  std::uint64_t room = 0;
  for (const auto& one : machines)
    room += one.*limit;
  if (room < wanted)
    throw std::invalid_argument(on.place() + " hold " + std::to_string(room) + ' ' + members + ", and " +
                                std::to_string(wanted) + " are asked for: more machines, or a larger `" + members +
                                "` of the groups, would hold them");
  auto open = across_racks(on);
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
