#include "drover/actors/sim/world.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

// Workers that get new processes: what the coordinator's shell does about them in real runs, and what others do to
// processes.

namespace drover::sim {

namespace {

// Somebody has room, sooner or later.
constexpr std::uint32_t misses_max = 3;

} // namespace

nanoseconds world::some_time() {
  return later(
      now_, static_cast<nanoseconds>(replacement_draws_.below(static_cast<std::uint64_t>(replacement_.delay_max) + 1)));
}

void world::mark_process(const process& who) {
  fingerprint_.add(static_cast<std::uint64_t>(mark::process));
  fingerprint_.add(static_cast<std::uint64_t>(now_));
  fingerprint_.add(std::uint64_t{who.number});
}

bool world::speaks(const process& who) const {
  const auto& one = workers_[who.number];
  return speakers_[one.who.index] == who.number && one.coordinator == coordinator_host_.where.number;
}

// -- who is meant ----------------------------------------------------------------------------------------------------

world::process world::receiver_of(const process& from, const address& to) {
  if (to.kind == address::role::coordinator)
    return {to.kind, host_of(from).coordinator};
  if (to.kind == address::role::shard)
    return {to.kind, to.index};
  return {to.kind,
          from.kind == address::role::shard ? shards_[from.number].workers[to.index].number : speakers_[to.index]};
}

bool world::is_from_replaced(const arrival& what) const {
  return what.to.kind == address::role::coordinator && what.from.kind == address::role::worker && !speaks(what.from);
}

void world::remember_sender(const arrival& what) {
  const auto* pull = std::get_if<message<messages::PullParameters>>(&what.what);
  if (pull == nullptr)
    return;
  auto epoch = pull->read()->getEpoch();
  auto& known = shards_[what.to.number].workers[workers_[what.from.number].who.index];
  if (epoch >= known.epoch)
    known = {epoch, what.from.number};
}

// -- places ----------------------------------------------------------------------------------------------------------

void world::find(std::uint32_t worker) {
  queue_.push(some_time(), place_answered{coordinator_host_.where, worker, take_place()});
}

bool world::is_reached(std::uint32_t machine) const {
  const auto& on = machines_[machine];
  return !on.is_down && on.pauses == 0 && !network_.are_separated(coordinator_host_.machine, machine);
}

void world::take(const place_answered& what) {
  if (!is_up(what.who))
    return;
  auto place = what.place;
  auto is_refused = place && (!is_reached(place->machine) ||
                              (misses_ < misses_max && replacement_draws_.chance(replacement_.missing)));
  if (is_refused)
    give_back(*place, true);
  if (!place || is_refused) {
    ++misses_;
    return tell_coordinator(place_missing{what.worker});
  }
  misses_ = 0;
  keep(*place);
  found_place_ = place;
  tell_coordinator(place_found{what.worker});
  if (found_place_)
    give_back(*found_place_);
  found_place_.reset();
}

void world::start(const start_replacement& wanted) {
  if (!found_place_)
    throw std::logic_error("worker " + std::to_string(wanted.worker) + " is replaced, and no place was found for it");
  ask_to_end(workers_[speakers_[wanted.worker]].where);
  const auto& one = add_process(wanted.worker, *std::exchange(found_place_, std::nullopt));
  queue_.push(some_time(), process_begins{one.where, wanted.life});
}

// It speaks for the worker from now on.
world::worker_host& world::add_process(std::uint32_t worker, const held_place& place) {
  const auto& former = workers_[speakers_[worker]];
  auto number = static_cast<std::uint32_t>(workers_.size());
  auto& one = workers_.emplace_back(seed_, number);
  one.who = former.who;
  one.where = {address::role::worker, number};
  one.machine = place.machine;
  one.coordinator = coordinator_host_.where.number;
  one.is_up = true;
  one.place = place;
  one.computed = former.computed;
  ++machines_[place.machine].workers;
  speakers_[worker] = number;
  for (auto* each : checkers_)
    each->on_start(now_, one.who);
  return one;
}

void world::take(const process_begins& what) {
  auto& one = workers_[what.who.number];
  if (!one.is_up)
    return;
  mark_process(what.who);
  one.core = what.assignment.empty() ? std::make_unique<worker_core>(one.who.index, what.life, plan_.layout)
                                     : std::make_unique<worker_core>(what.assignment, plan_.layout);
  perform(what.who, one.core->start(seconds()));
  handled(one.who);
}

void world::ask_for_moves() {
  for (const auto& one : replacement_.moves)
    queue_.push(one.at, move_asked{one.worker});
  for (const auto& one : replacement_.leaves)
    queue_.push(one.at, node_leaves{one.machine});
  for (const auto& one : replacement_.shard_moves)
    queue_.push(one.at, shard_move_asked{one});
}

void world::take(const move_asked& what) {
  if (coordinator_host_.is_up)
    move_away(what.worker);
}

bool world::move_away(std::uint32_t worker) {
  auto leaving = workers_[speakers_[worker]].where;
  if (!speaks(leaving))
    return false;
  auto moves = coordinator_.handle(worker_moves{worker}, coordinator_seconds());
  if (moves.empty())
    return false;
  perform(coordinator_host_.where, std::move(moves));
  ask_to_end(leaving);
  handled(coordinator_host_.who);
  return true;
}

// -- ends ------------------------------------------------------------------------------------------------------------

// May be lost, as anything: who goes on to speak to the coordinator is asked again.
void world::ask_to_end(const process& who) {
  for (auto at : network_.send(coordinator_host_.machine, workers_[who.number].machine, 0, now_))
    queue_.push(at, process_ends{who});
}

void world::take(const process_ends& what) {
  auto& one = workers_[what.who.number];
  if (!one.is_up)
    return;
  mark_process(what.who);
  one.is_up = false;
  one.is_computing = false;
  one.waiting.clear();
  one.core.reset();
  --machines_[one.machine].workers;
  tell_end(one, true);
}

void world::tell_end(const worker_host& of, bool host_lost) {
  if (!replacement_.is_on || (machines_[of.machine].is_down && replacement_draws_.chance(replacement_.untold)))
    return;
  queue_.push(some_time(), end_told{of.where, host_lost});
}

void world::take(const end_told& what) {
  auto& one = workers_[what.who.number];
  give_back(one.place);
  if (!coordinator_host_.is_up || !speaks(what.who) || std::exchange(one.is_told_of, true))
    return; // another took its place, or it is no news
  mark_process(what.who);
  auto reason = what.host_lost ? "its process is gone" : "it has ended";
  tell_coordinator(member_down{one.who, reason, what.host_lost});
}

} // namespace drover::sim
