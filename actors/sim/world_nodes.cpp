#include "drover/actors/sim/world.hpp"

#include <algorithm>
#include <utility>

// The nodes of a job, one on each machine that may have workers, and the roster that a coordinator's places keep of
// them: what they do with it in real runs.

namespace drover::sim {

namespace {

constexpr nanoseconds retry_min = 1'000'000;

} // namespace

// A second of the roster's is as long as the world's look interval.
double world::node_seconds() const {
  return coordinator_seconds() * 1e9 / static_cast<double>(std::max<nanoseconds>(replacement_.look_interval, 1));
}

// What is asked, or answered: a round takes less than from one look to the next.
nanoseconds world::on_the_way() {
  return later(now_, static_cast<nanoseconds>(
                         node_draws_.below(static_cast<std::uint64_t>(replacement_.look_interval / 2) + 1)));
}

// Who cannot be reached is tried again, but not at every nanosecond.
nanoseconds world::tried_again() {
  return std::max(on_the_way(), later(now_, retry_min));
}

std::uint32_t world::machine_of(node_roster::number node) const {
  auto found = std::ranges::find(machines_, std::optional{node}, &machine_state::node);
  return static_cast<std::uint32_t>(found - machines_.begin());
}

// -- who hosts what --------------------------------------------------------------------------------------------------

world::held_place world::hold(std::uint32_t machine, std::optional<std::uint32_t> shard) {
  held_place result{machine, {}, coordinator_host_.where.number};
  if (auto node = machines_[machine].node) {
    result.held = roster_.begin(*node, shard);
    for (auto* one : checkers_)
      one->on_place(now_, machine, result.held->ticket, shard.has_value());
  }
  return result;
}

std::optional<world::held_place> world::take_place() {
  auto node = roster_.emptiest();
  if (!node)
    return std::nullopt;
  auto machine = machine_of(*node);
  for (auto* one : checkers_)
    one->on_choice(now_, machine, false);
  return hold(machine, std::nullopt);
}

void world::keep(const held_place& place) {
  roster_.start(*place.held);
  if (machines_[place.machine].node == place.held->node)
    for (auto* one : checkers_)
      one->on_started(now_, place.machine);
}

void world::give_back(held_place& place, bool refused) {
  auto held = std::exchange(place.held, std::nullopt);
  if (!held || !coordinator_host_.is_up || place.coordinator != coordinator_host_.where.number)
    return;
  refused ? roster_.refuse(*held) : roster_.end(*held);
  auto is_there = machines_[place.machine].node == held->node;
  for (auto* one : checkers_)
    refused&& is_there ? one->on_refused(now_, place.machine, held->ticket) : one->on_vacant(now_, held->ticket);
}

void world::fill(std::uint32_t machine) {
  for (const auto& one : roster_.make_room(*machines_[machine].node)) {
    auto left = one.workers;
    auto from = machine_of(one.node);
    for (std::uint32_t worker = 0; worker < speakers_.size() && left > 0; ++worker)
      if (workers_[speakers_[worker]].machine == from && move_away(worker))
        --left;
  }
}

// -- who there is ----------------------------------------------------------------------------------------------------

// A coordinator begins: those that it reaches take part, others join when they can.
void world::find_nodes() {
  if (!replacement_.is_on)
    return;
  roster_ = {};
  evacuation_.emplace(roster_);
  evacuated_.reset();
  for (std::uint32_t machine = 0; machine < machines_.size(); ++machine) {
    machines_[machine].node.reset();
    machines_[machine].leaves = false;
    if (is_reached(machine))
      add_node(machine);
    else if (!machines_[machine].is_down)
      queue_.push(some_time(), node_joins{machine});
  }
  for (auto& shard : shards_)
    shard.place = hold(shard.machine, shard.who.index);
  if (replacement_.look_interval > 0)
    queue_.push(now_, nodes_looked_after{coordinator_host_.where});
}

void world::add_node(std::uint32_t machine) {
  if (cluster_.machines()[machine].workers_max == 0)
    return;
  machines_[machine].node = roster_.add(node_seconds());
  machines_[machine].leaves = false;
  machines_[machine].is_new = false;
  for (auto* one : checkers_)
    one->on_node(now_, machine, checker::node_news::joined);
}

void world::take(const node_joins& what) {
  auto& on = machines_[what.machine];
  // Whoever takes over finds it, it comes back once more, or takes part already.
  if (!coordinator_host_.is_up || on.is_down || (on.node && !on.is_new))
    return;
  if (!is_reached(what.machine)) {
    queue_.push(tried_again(), what);
    return;
  }
  mark_process(coordinator_host_.where);
  if (on.node) // of the node that was there before nobody had heard that it is gone
    take(node_lost{coordinator_host_.where, what.machine, *on.node});
  add_node(what.machine);
  if (on.node)
    fill(what.machine);
}

void world::tell_node_lost(std::uint32_t machine) {
  const auto& on = machines_[machine];
  if (on.node && !node_draws_.chance(replacement_.untold))
    queue_.push(some_time(), node_lost{coordinator_host_.where, machine, *on.node});
}

void world::take(const node_lost& what) {
  if (!is_up(what.who) || machines_[what.machine].node != what.node)
    return;
  mark_process(what.who);
  roster_.remove(what.node);
  machines_[what.machine].node.reset();
  for (auto* one : checkers_)
    one->on_node(now_, what.machine, checker::node_news::gone);
}

// -- who is heard of -------------------------------------------------------------------------------------------------

void world::take(const nodes_looked_after& what) {
  if (!is_up(what.who))
    return;
  auto looked = roster_.look(node_seconds());
  for (auto node : looked.ask)
    queue_.push(on_the_way(), node_asked{what.who, machine_of(node), node});
  for (const auto& one : looked.silent)
    for (auto* each : checkers_)
      each->on_node(now_, machine_of(one.node), checker::node_news::suspected);
  for (const auto& one : looked.silent)
    suspect(machine_of(one.node));
  queue_.push(later(now_, replacement_.look_interval), what);
}

// What is cut off arrives when the partition is over, as on a connection.
void world::take(const node_asked& what) {
  auto& on = machines_[what.machine];
  if (!is_up(what.who) || on.node != what.node)
    return;
  if (network_.are_separated(coordinator_host_.machine, what.machine)) {
    queue_.push(tried_again(), what);
    return;
  }
  auto& where = machines_[what.is_answered ? coordinator_host_.machine : what.machine];
  if (where.pauses > 0) {
    where.waiting.push_back(what);
    return;
  }
  if (!what.is_answered) {
    if (!on.is_down)
      queue_.push(on_the_way(), node_asked{what.who, what.machine, what.node, true});
    return;
  }
  auto silence = roster_.hear(what.node, node_seconds());
  for (auto* one : checkers_)
    one->on_node(now_, what.machine, checker::node_news::heard);
  if (silence) {
    mark_process(what.who);
    fill(what.machine);
  }
}

// Its processes may live all the same.
void world::suspect(std::uint32_t machine) {
  mark_process(coordinator_host_.where);
  for (std::uint32_t worker = 0; worker < speakers_.size(); ++worker) {
    const auto& one = workers_[speakers_[worker]];
    if (one.machine == machine && speaks(one.where))
      tell_coordinator(member_down{one.who, "nothing is heard of its node", true});
  }
}

} // namespace drover::sim
