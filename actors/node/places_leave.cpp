#include "drover/actors/node/link_opener.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/places.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <algorithm>
#include <utility>

// Nodes that leave: their shards go on elsewhere, one after the other, then their workers.

namespace drover {

caf::result<void> places_state::let_go(const leave_job& request) {
  auto* leaving = find(request.node);
  if (!leaving)
    return caf::unit;
  auto where = "job " + std::string{job.what.read()->getId()} + ": ";
  if (!coordinator)
    return refusal(where + "it has not begun yet");
  if (places.size() == 1)
    return refusal(where + "this is its only node");
  auto is_first = leaving->leave_asked.empty();
  roster.begin_leaving(leaving->number);
  leaving->leave_asked.push_back(self->make_response_promise<void>());
  caf::result<void> answer{leaving->leave_asked.back()};
  if (is_first) {
    note("node " + to_string(leaving->address) + " leaves");
    leaving_nodes.push_back(request.node);
    if (leaving_nodes.size() == 1)
      empty(request.node, {});
  }
  return answer;
}

// One node at a time: a shard may be on its way to the next.
void places_state::empty_next() {
  leaving_nodes.pop_front();
  if (!leaving_nodes.empty())
    empty(leaving_nodes.front(), {});
}

void places_state::empty(const node_actor& node, const tried_nodes& tried) {
  auto* leaving = find(node);
  if (!leaving)
    return empty_next(); // it is gone
  if (!roster.shards(leaving->number).empty()) {
    if (auto* to = find(roster.emptiest("cpu", tried.nodes)))
      return move_shard_to(to->node, node, tried);
    return stay(node, tried.why.empty() ? "no other node is heard of" : tried.why);
  }
  auto asked = std::exchange(leaving->leave_asked, {});
  roster.remove(leaving->number);
  std::erase_if(places, [&node](const place& each) { return each.node == node; });
  compat::send(self, coordinator, vacate_host{node.node(), vacate_host::all});
  for (auto& one : asked)
    one.deliver();
  empty_next();
}

// The new place is connected to this process, for parameters that are tested, then to all others, for their workers.
// Where that cannot be, another node is tried; not where the coordinator refuses.
void places_state::move_shard_to(const node_actor& to, const node_actor& from, const tried_nodes& tried) {
  auto shard = *roster.shards(find(from)->number).begin();
  auto tried_now = tried;
  tried_now.nodes.insert(find(to)->number);
  auto try_another = [this, from, tried_now](const caf::error& problem) {
    auto next = tried_now;
    next.why = explain(self->system(), problem);
    empty(from, next);
  };
  auto moved = [this, from, shard] {
    if (const auto* former = find(from))
      roster.forget_shard(former->number, shard);
    empty(from, {});
  };
  auto move = [this, to, from, shard, moved, try_another](const caf::expected<member_actor>& member) {
    if (!member)
      return try_another(member.error());
    compat::request(
        self, coordinator, caf::infinite, moved,
        [this, to, from, shard](const caf::error& problem) {
          if (const auto* one = find(to))
            roster.forget_shard(one->number, shard);
          stay(from, explain(self->system(), problem));
        },
        move_shard{shard, *member});
  };
  auto spawn_there = [this, to, shard, move, try_another] {
    if (auto* there = find(to))
      spawn_on(*there, shard, move);
    else
      try_another(refusal("the node that its shard was to go to is gone"));
  };
  auto connect_others = [this, to, try_another, spawn_there](std::uint32_t) {
    connect_nodes wanted{job.token, {}};
    for (const auto& each : places)
      if (each.node != to)
        wanted.peers.push_back(peer_of(each));
    compat::request(
        self, to, links_timeout, [spawn_there](std::uint32_t) { spawn_there(); }, try_another, wanted);
  };
  compat::request(self, self->spawn<caf::detached>(link_opener_behavior, job.ways), caf::infinite, connect_others,
                  try_another, connect_nodes{job.token, {peer_of(*find(to))}});
}

void places_state::stay(const node_actor& node, const std::string& why) {
  auto* staying = find(node);
  if (!staying)
    return empty_next();
  note("node " + to_string(staying->address) + " stays: " + why);
  roster.stay(staying->number);
  for (auto& one : std::exchange(staying->leave_asked, {}))
    one.deliver(refusal("job " + std::string{job.what.read()->getId()} + ": " + why));
  empty_next();
}

} // namespace drover
