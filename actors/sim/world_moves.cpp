#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/sim/world.hpp"

#include <memory>
#include <utility>

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
  one.next_machine = shard_move_->machine;
  for (auto* each : checkers_)
    each->on_freeze(now_, one.who);
  queue_.push(later(now_, shard_move_->takes), copy_over{coordinator_host_.where, wanted.shard, !shard_move_->fails});
}

void world::take(const copy_over& what) {
  const auto& one = shards_[what.shard];
  if (!is_up(what.who) || !one.is_frozen)
    return; // another coordinator has it go on
  if (what.is_copied && one.is_up && is_reached(one.next_machine) && is_reached(one.machine))
    tell_coordinator(shard_copied{what.shard});
  else
    tell_coordinator(shard_not_copied{what.shard, "a machine is out of reach"});
}

void world::start(const replace_shard& wanted) {
  queue_.push(some_time(), copy_begins{coordinator_host_.where, wanted.shard});
}

// All that is copied goes through messages, as between processes.
void world::take(const copy_begins& what) {
  auto& one = shards_[what.shard];
  if (!is_up(what.who) || !one.is_frozen)
    return;
  if (!one.is_up)
    return tell_coordinator(shard_not_copied{what.shard, "it is dead"});
  mark_process(one.where);
  auto next = std::make_unique<shard_core>(one.next, plan_.layout, *device_);
  try {
    next->restore(one.core->state());
    while (auto first = next->missing_value())
      next->restore(one.core->values(*first));
  } catch (const protocol_error& refused) {
    throw violation("moves", now_, refused.what());
  }
  one.core = std::move(next);
  one.machine = one.next_machine;
  thaw(one);
  tell_coordinator(shard_replaced{what.shard});
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
