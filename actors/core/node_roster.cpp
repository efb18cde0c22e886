#include "drover/actors/core/node_roster.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace drover {

bool node_roster::node::has(std::string_view device) const {
  if (device == "cpu" || device == "auto")
    return true;
  return devices.contains(std::string{device == "cuda" ? "cuda:0" : device});
}

node_roster::number node_roster::add(double now, std::set<std::string> devices) {
  auto& added = nodes_[next_];
  added.heard = pulse{now};
  added.devices = std::move(devices);
  return next_++;
}

node_roster::node* node_roster::find(number which) {
  auto found = nodes_.find(which);
  return found == nodes_.end() ? nullptr : &found->second;
}

const node_roster::node* node_roster::find(number which) const {
  auto found = nodes_.find(which);
  return found == nodes_.end() ? nullptr : &found->second;
}

// -- who hosts what -------------------------------------------------------------------------------------------------

std::optional<node_roster::number> node_roster::emptiest(std::string_view device,
                                                         const std::set<number>& except) const {
  std::optional<number> result;
  std::tuple<std::uint64_t, std::size_t> best;
  for (const auto& [which, one] : nodes_) {
    if (!one.takes_members() || !one.has(device) || except.contains(which))
      continue;
    std::tuple rank{one.refused_at, one.members.size()};
    if (!result || rank < best) {
      result = which;
      best = rank;
    }
  }
  return result;
}

bool node_roster::has_device(number node, std::string_view device) const {
  const auto* one = find(node);
  return one != nullptr && one->has(device);
}

node_roster::tenancy node_roster::begin(number node, std::optional<std::uint32_t> shard) {
  auto ticket = ++tickets_;
  if (auto* one = find(node))
    one->members.emplace(ticket, shard);
  return {node, ticket};
}

void node_roster::end(const tenancy& of) {
  if (auto* one = find(of.node))
    one->members.erase(of.ticket);
}

void node_roster::start(const tenancy& of) {
  if (auto* one = find(of.node))
    one->refused_at = 0;
}

void node_roster::refuse(const tenancy& of) {
  end(of);
  if (auto* one = find(of.node))
    one->refused_at = ++refusals_;
}

std::vector<node_roster::departure> node_roster::make_room(number node) const {
  const auto* roomy = find(node);
  if (roomy == nullptr || !roomy->takes_members())
    return {};
  auto members = roomy->members.size();
  std::map<number, std::uint32_t> leave;
  for (;;) {
    std::optional<number> fullest;
    std::size_t most = 0;
    for (const auto& [which, one] : nodes_) {
      auto left = one.members.size() - leave[which];
      if (which != node && one.takes_members() && left > shards(which).size() && left > most) {
        fullest = which;
        most = left;
      }
    }
    if (!fullest || most < members + 2)
      break;
    ++leave[*fullest];
    ++members;
  }
  std::vector<departure> result;
  for (const auto& [which, workers] : leave)
    if (workers > 0)
      result.push_back({which, workers});
  return result;
}

std::set<std::uint32_t> node_roster::shards(number node) const {
  std::set<std::uint32_t> result;
  if (const auto* one = find(node))
    for (const auto& [ticket, shard] : one->members)
      if (shard)
        result.insert(*shard);
  return result;
}

void node_roster::forget_shard(number node, std::uint32_t shard) {
  if (auto* one = find(node))
    for (auto& [ticket, held] : one->members)
      if (held == shard)
        held.reset();
}

std::size_t node_roster::members(number node) const {
  const auto* one = find(node);
  return one == nullptr ? 0 : one->members.size();
}

// -- who is heard of ------------------------------------------------------------------------------------------------

node_roster::looked node_roster::look(double now) {
  auto unheard = now - std::exchange(looked_, now) - look_interval_seconds;
  looked result;
  for (auto& [which, one] : nodes_) {
    if (unheard > 0)
      one.heard.skip(unheard, now);
    if (!std::exchange(one.is_asked, true))
      result.ask.push_back(which);
    if (one.is_suspected || !one.heard.is_late(now))
      continue;
    one.is_suspected = true;
    // Whoever was here is not waited for, and told to end.
    std::erase_if(one.members, [](const auto& member) { return !member.second; });
    result.silent.push_back({which, one.heard.silence(now), one.heard.deadline()});
  }
  return result;
}

std::optional<double> node_roster::hear(number node, double now) {
  auto* one = find(node);
  if (one == nullptr)
    return std::nullopt;
  one->is_asked = false;
  // Before the look that comes late.
  if (auto unheard = now - looked_ - look_interval_seconds; unheard > 0)
    one->heard.skip(unheard, now);
  auto silence = one->heard.silence(now);
  one->heard.hear(now);
  if (!std::exchange(one->is_suspected, false))
    return std::nullopt;
  one->refused_at = 0; // because it could not answer
  return silence;
}

void node_roster::not_heard(number node) {
  if (auto* one = find(node))
    one->is_asked = false;
}

// -- who leaves -----------------------------------------------------------------------------------------------------

void node_roster::begin_leaving(number node) {
  if (auto* one = find(node))
    one->is_leaving = true;
}

void node_roster::stay(number node) {
  if (auto* one = find(node)) {
    one->is_leaving = false;
    one->refused_at = 0; // maybe because it was leaving
  }
}

bool node_roster::takes_members(number node) const {
  const auto* one = find(node);
  return one != nullptr && one->takes_members();
}

} // namespace drover
