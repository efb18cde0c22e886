#include "drover/actors/sim/world.hpp"

#include <algorithm>
#include <utility>

// Coordinators that die for good, and others that take the job over: what nodes do about their members, and what is
// heard of whom.

namespace drover::sim {

void world::expect_death() {
  if (auto number = coordinator_host_.where.number; number < replacement_.takeovers.size())
    queue_.push(later(now_, replacement_.takeovers[number].dies_after), coordinator_dies{});
}

// Nobody takes a job over without all of its shards: then its coordinator is spared, and says so.
void world::take(coordinator_dies) {
  if (!coordinator_host_.is_up || !std::ranges::all_of(shards_, &shard_host::is_up))
    return;
  mark_process(coordinator_host_.where);
  coordinator_host_.is_up = false;
  coordinator_host_.waiting.clear();
  std::erase_if(machines_[coordinator_host_.machine].waiting, [](const event& one) {
    auto who = receiver(one);
    return who && who->kind == address::role::coordinator;
  });
  for (auto* one : checkers_)
    one->on_crash(now_, coordinator_host_.who);
  for (const auto& one : workers_)
    if (one.is_up)
      queue_.push(some_time(), process_ends{one.where});
  is_taken_over_ = true;
  queue_.push(later(now_, replacement_.takeovers[coordinator_host_.where.number].begins_after), coordinator_begins{});
}

void world::take(coordinator_begins) {
  // All nodes that keep a shard have to be there.
  auto is_out_of_reach = [this](const shard_host& one) { return one.is_up && !is_reached(one.machine); };
  if (!machines_[coordinator_host_.machine].is_down && std::ranges::any_of(shards_, is_out_of_reach)) {
    queue_.push(tried_again(), coordinator_begins{});
    return;
  }
  is_taken_over_ = false;
  if (machines_[coordinator_host_.machine].is_down)
    return;
  ++coordinator_host_.where.number;
  coordinator_host_.is_up = true;
  coordinator_begun_ = now_;
  coordinator_ = coordinator_core{plan_, replacement_.is_on};
  mark_process(coordinator_host_.where);
  for (auto* one : checkers_)
    one->on_start(now_, coordinator_host_.who);
  expect_death();
  for (auto& shard : shards_)
    choose_copy(shard);
  find_nodes();
  perform(coordinator_host_.where, coordinator_.resume(coordinator_seconds()));
  handled(coordinator_host_.who);
}

// Where there is no place now, in the former one: it may be lost at once.
void world::start_anew(const spawn_worker& wanted) {
  auto place = take_place();
  auto former = workers_[speakers_[wanted.index]].machine;
  auto& one = add_process(wanted.index, place ? *place : held_place{former, {}, coordinator_host_.where.number});
  if (machines_[one.machine].is_down) {
    one.is_up = false;
    tell_end(one, true);
  } else {
    queue_.push(some_time(), process_begins{one.where, 0, wanted.assignment});
  }
}

// A node gives its shards away only when the way to their coordinator is closed: nothing comes on it any more. A shard
// speaks to the one of which it heard last.
bool world::is_from_former(const arrival& what) {
  if (what.to.kind != address::role::shard || what.from.kind != address::role::coordinator)
    return false;
  auto& heard = shards_[what.to.number].coordinator;
  heard = std::max(heard, what.from.number);
  return heard != what.from.number;
}

// A coordinator that takes over knows no process of a worker before it has started one.
bool world::is_unknown(const process& from, const process& to) const {
  return from.kind == address::role::coordinator && to.kind == address::role::worker && !speaks(to);
}

} // namespace drover::sim
