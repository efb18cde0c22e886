#include "drover/actors/core/assignments.hpp"
#include "drover/actors/core/coordinator_core.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

// Shards that go on elsewhere. While one stands still its workers repeat what it does not answer, as they would if it
// was slow; whoever copies it says within bounds of its own how that went.

namespace drover {

bool coordinator_core::copies_shards() const {
  return std::ranges::any_of(moving_, [](const auto& one) { return one.second == stage_of_move::copying; });
}

effects coordinator_core::handle(const shard_moves& move, double now) {
  effects out;
  if (ends() || taking_over_ || !shards_.contains(move.shard) ||
      !moving_.insert({move.shard, stage_of_move::copying}).second)
    return out;
  note(now, to_string(shard_address(move.shard)) + " moves");
  out.emplace_back(copy_shard{move.shard, assign_shard(plan_, members_, move.shard)});
  return out;
}

effects coordinator_core::handle(const shard_copied& move, double now) {
  effects out;
  auto moving = moving_.find(move.shard);
  if (moving == moving_.end())
    return out; // it died
  moving->second = stage_of_move::replacing;
  // The worker in the same thread does not move with it.
  if (std::exchange(one_thread_, false))
    for (std::uint32_t worker = 0; worker < plan_.job.read()->getWorkers(); ++worker)
      std::ranges::move(handle(worker_moves{worker}, now), std::back_inserter(out));
  out.emplace_back(replace_shard{move.shard});
  return out;
}

effects coordinator_core::handle(const shard_not_copied& move, double now) {
  effects out;
  if (moving_.erase(move.shard) == 0)
    return out;
  note(now, to_string(shard_address(move.shard)) + " stays where it is: " + move.reason);
  out.emplace_back(thaw_shard{move.shard});
  out.emplace_back(tell_place{move.shard});
  return out;
}

effects coordinator_core::handle(const shard_replaced& move, double now) {
  effects out;
  if (moving_.erase(move.shard) == 0)
    return out;
  note(now, to_string(shard_address(move.shard)) + " goes on");
  out.emplace_back(tell_place{move.shard});
  return out;
}

} // namespace drover
