#include "drover/actors/core/latest_copy.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/sim/world.hpp"

#include <memory>
#include <utility>
#include <vector>

// Shards that go on elsewhere: what the coordinator's shell has done about them in real runs.

namespace drover::sim {

void world::take(const shard_move_asked& what) {
  if (!coordinator_host_.is_up || !shards_[what.what.shard].is_up)
    return;
  shard_move_ = what.what;
  tell_coordinator(shard_moves{what.what.shard});
  shard_move_.reset();
}

void world::start(const copy_shard& wanted) {
  auto& one = shards_[wanted.shard];
  one.is_frozen = true;
  one.core->freeze();
  one.next = wanted.assignment;
  one.copy = shard_copy{nullptr, hold(shard_move_->machine, wanted.shard)};
  for (auto* each : checkers_)
    each->on_freeze(now_, one.who);
  queue_.push(later(now_, shard_move_->takes), copy_over{coordinator_host_.where, wanted.shard, !shard_move_->fails});
}

// All that is copied goes through messages, as between processes.
void world::take(const copy_over& what) {
  auto& one = shards_[what.shard];
  if (!is_up(what.who) || !one.is_frozen)
    return; // another coordinator has it go on
  if (!what.is_copied || !one.is_up || !is_reached(one.copy->place.machine) || !is_reached(one.machine)) {
    give_back(one.copy->place);
    one.copy.reset();
    tell_coordinator(shard_not_copied{what.shard, "a machine is out of reach"});
    return tell_evacuation(what.shard, "a machine is out of reach");
  }
  auto next = std::make_unique<shard_core>(one.next, plan_.layout, *device_);
  try {
    next->restore(one.core->state());
    while (auto first = next->missing_value())
      next->restore(one.core->values(*first));
  } catch (const protocol_error& refused) {
    throw violation("moves", now_, refused.what());
  }
  one.copy->core = std::move(next);
  tell_coordinator(shard_copied{what.shard});
}

void world::start(const replace_shard& wanted) {
  queue_.push(some_time(), copy_begins{coordinator_host_.where, wanted.shard});
}

// The one that stands still is gone, or its node is only taken for gone.
void world::take(const copy_begins& what) {
  auto& one = shards_[what.shard];
  if (!is_up(what.who) || !one.is_frozen)
    return;
  if (!one.is_up || !one.copy->core) {
    give_back(one.copy->place);
    one.copy.reset();
    tell_coordinator(shard_not_copied{what.shard, "it is dead"});
    return tell_evacuation(what.shard, "it is dead");
  }
  mark_process(one.where);
  if (node_draws_.chance(replacement_.forgotten))
    one.forgotten.push_back({std::move(one.core), one.place});
  give_back(one.place);
  settle(one, std::move(*one.copy));
  one.copy.reset();
  thaw(one);
  tell_coordinator(shard_replaced{what.shard});
  tell_evacuation(what.shard);
}

void world::settle(shard_host& one, shard_copy&& there) {
  one.core = std::move(there.core);
  one.machine = there.place.machine;
  one.place = there.place;
}

// Whoever takes over finds all copies, in the order of their nodes, and has all of them stand still.
void world::choose_copy(shard_host& one) {
  if (!one.is_up)
    return;
  auto found = std::exchange(one.forgotten, {});
  if (one.copy)
    found.push_back(std::move(*one.copy));
  one.copy.reset();
  if (found.empty())
    return thaw(one);
  if (!std::exchange(one.is_frozen, true)) {
    one.core->freeze();
    for (auto* each : checkers_)
      each->on_freeze(now_, one.who);
  }
  found.insert(found.begin() + static_cast<std::ptrdiff_t>(node_draws_.below(found.size() + 1)),
               shard_copy{std::move(one.core), {one.machine, {}, 0}});
  std::vector<std::optional<copy_age>> ages(found.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    if (found[i].core) {
      auto state = found[i].core->state();
      auto report = state.read()->getReport();
      ages[i] = {report.getMembershipEpoch(), report.getVersion()};
    }
  settle(one, std::move(found[*latest_copy(ages)]));
  thaw(one);
}

void world::thaw(shard_host& one) {
  if (!std::exchange(one.is_frozen, false) || !one.is_up)
    return;
  one.core->thaw();
  for (auto* each : checkers_)
    each->on_thaw(now_, one.who);
}

void world::tell_place(std::uint32_t shard) {
  for (auto speaker : speakers_)
    queue_.push(some_time(), place_told{workers_[speaker].where, shard});
}

void world::take(const place_told& what) {
  auto& one = workers_[what.who.number];
  if (!one.is_up || !one.core)
    return;
  perform(what.who, one.core->handle(shard_moved{what.shard}, seconds()));
  handled(one.who);
}

} // namespace drover::sim
