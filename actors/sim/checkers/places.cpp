#include "drover/actors/sim/checkers/places.hpp"

#include "drover/actors/sim/assign_members.hpp"
#include "drover/actors/sim/faults.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace drover::sim {

namespace {

// In look intervals. Who is silent is suspected after 20 of them at most, from the last answer on, and looked at once
// in each; an answer may be on its way.
constexpr double suspected_after = 23;
// A question that waited arrives, then its answer.
constexpr double heard_after = 4;

} // namespace

places::places(const hunted_world& drawn)
    : look_interval_(static_cast<double>(drawn.places.look_interval)), nodes_(drawn.on.machines().size()) {
  auto job = drawn.plan.job.read();
  head_ = assign_members(drawn.on, job->getWorkers(), job->getShards()).of({address::role::coordinator, 0});
}

// -- what becomes of machines ---------------------------------------------------------------------------------------

bool places::is_cut_off(std::uint32_t machine) const {
  return std::ranges::any_of(
      partitions_, [&](const auto& one) { return one.second.contains(machine) != one.second.contains(head_); });
}

void places::note_reach(nanoseconds now) {
  for (std::uint32_t machine = 0; machine < nodes_.size(); ++machine) {
    auto& one = nodes_[machine];
    auto is_mute = one.is_down || one.is_new || one.pauses > 0 || is_cut_off(machine);
    if (is_mute && !one.mute_since)
      one.mute_since = now;
    if (!is_mute && one.mute_since) {
      one.mute_since.reset();
      one.free_since = now;
    }
  }
}

void places::on_fault(nanoseconds now, const fault_event& what, const cluster&) {
  using kind = fault_event::what;
  if (what.kind == kind::partition_begin)
    partitions_[what.occurrence] = {what.machines.begin(), what.machines.end()};
  if (what.kind == kind::partition_end)
    partitions_.erase(what.occurrence);
  for (auto machine : what.machines) {
    auto& one = nodes_[machine];
    one.pauses += what.kind == kind::pause_begin ? 1 : 0;
    one.pauses -= what.kind == kind::pause_end ? 1 : 0;
    if (what.kind == kind::crash)
      one.is_down = true;
    if (what.kind == kind::restart) {
      one.is_down = false;
      one.is_new = true;
    }
  }
  if (what.kind == kind::pause_end && std::ranges::find(what.machines, head_) != what.machines.end())
    listens_since_ = now;
  note_reach(now);
}

void places::on_start(nanoseconds now, const address& who) {
  if (who.kind != address::role::coordinator)
    return;
  is_there_ = true;
  listens_since_ = now;
  members_.clear();
  refused_.clear();
  for (auto& one : nodes_)
    one.is_known = one.is_suspected = one.is_leaving = false;
}

void places::on_crash(nanoseconds, const address& who) {
  if (who.kind == address::role::coordinator)
    is_there_ = false;
}

// -- what the coordinator makes of that -----------------------------------------------------------------------------

void places::on_node(nanoseconds now, std::uint32_t machine, node_news news) {
  auto& one = nodes_[machine];
  auto fail = [&](const std::string& why) {
    throw violation("places", now, "the node on machine " + std::to_string(machine) + " " + why);
  };
  if (news != node_news::joined && !one.is_known)
    fail("is talked of, and takes no part");
  switch (news) {
  case node_news::leaves:
    one.is_leaving = true;
    return;
  case node_news::stays:
    one.is_leaving = false;
    std::erase(refused_, machine); // maybe because it was leaving
    return;
  case node_news::suspected:
    if (!one.mute_since && one.free_since <= one.heard)
      fail("is suspected, and nothing kept it from answering");
    one.is_suspected = true;
    forget_workers(machine);
    return;
  case node_news::left:
    if (std::ranges::any_of(members_,
                            [&](const auto& each) { return each.second.machine == machine && each.second.is_shard; }))
      fail("has left with a shard");
    [[fallthrough]];
  case node_news::gone:
    std::erase_if(members_, [machine](const auto& each) { return each.second.machine == machine; });
    std::erase(refused_, machine);
    one.is_known = one.is_suspected = one.is_leaving = false;
    return;
  case node_news::heard:
    if (std::exchange(one.is_suspected, false))
      std::erase(refused_, machine);
    break;
  case node_news::joined:
    one.is_known = true;
    one.is_new = false;
    break;
  }
  one.heard = now;
  note_reach(now);
}

void places::forget_workers(std::uint32_t machine) {
  std::erase_if(members_, [machine](const auto& one) { return one.second.machine == machine && !one.second.is_shard; });
}

std::size_t places::members_on(std::uint32_t machine) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(members_, [machine](const auto& one) { return one.second.machine == machine; }));
}

bool places::may_have_members(std::uint32_t machine) const {
  const auto& one = nodes_[machine];
  return one.is_known && !one.is_suspected && !one.is_leaving;
}

void places::on_choice(nanoseconds now, std::uint32_t machine, bool is_shard) {
  auto fail = [&](const std::string& why) {
    throw violation("places", now, "somebody is to go to machine " + std::to_string(machine) + ", " + why);
  };
  if (!may_have_members(machine))
    fail("whose node gets nobody");
  // A shard goes to the first that will have it.
  auto rank = [this](std::uint32_t which) {
    auto refused = std::ranges::find(refused_, which);
    return std::pair{refused == refused_.end() ? 0 : refused - refused_.begin() + 1, members_on(which)};
  };
  for (std::uint32_t other = 0; other < nodes_.size() && !is_shard; ++other)
    if (may_have_members(other) && rank(other) < rank(machine))
      fail("and machine " + std::to_string(other) + " comes before that");
}

void places::on_place(nanoseconds, std::uint32_t machine, std::uint64_t ticket, bool is_shard) {
  members_.insert({ticket, {machine, is_shard}});
}

void places::on_vacant(nanoseconds, std::uint64_t ticket) {
  members_.erase(ticket);
}

void places::on_started(nanoseconds, std::uint32_t machine) {
  std::erase(refused_, machine);
}

void places::on_refused(nanoseconds, std::uint32_t machine, std::uint64_t ticket) {
  members_.erase(ticket);
  std::erase(refused_, machine);
  refused_.push_back(machine);
}

void places::on_handled(nanoseconds now, const address&) {
  if (!is_there_ || look_interval_ <= 0 || nodes_[head_].pauses > 0 || nodes_[head_].is_down)
    return;
  for (std::uint32_t machine = 0; machine < nodes_.size(); ++machine) {
    const auto& one = nodes_[machine];
    if (!one.is_known)
      continue;
    auto since = std::max({listens_since_, one.heard, one.mute_since.value_or(one.free_since)});
    auto waited = static_cast<double>(now - since) / look_interval_;
    auto fail = [&](const std::string& why) {
      throw violation("places", now, "the node on machine " + std::to_string(machine) + " " + why);
    };
    if (one.mute_since && !one.is_suspected && waited > suspected_after)
      fail("is silent, and not suspected");
    if (!one.mute_since && one.is_suspected && waited > heard_after)
      fail("can answer, and is suspected still");
  }
}

} // namespace drover::sim
