#include "drover/actors/node/link_opener.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/places.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <algorithm>
#include <utility>

// Nodes that leave: their shards go on elsewhere, one after the other, then their workers.

namespace drover {

caf::result<std::uint32_t> places_state::let_go(const leave_job& request) {
  auto* leaving = find(request.node);
  if (!leaving)
    return std::uint32_t{0};
  auto where = "job " + std::string{job.what.read()->getId()} + ": ";
  if (!coordinator)
    return refusal(where + "it has not begun yet");
  if (places.size() == 1)
    return refusal(where + "this is its only node");
  auto is_first = leaving->leave_asked.empty();
  leaving->leave_asked.push_back(self->make_response_promise<std::uint32_t>());
  caf::result<std::uint32_t> answer{leaving->leave_asked.back()};
  if (is_first) {
    note("node " + to_string(leaving->address) + " leaves");
    empty(request.node, leaving->members - static_cast<std::uint32_t>(leaving->shards.size()));
  }
  return answer;
}

void places_state::empty(const node_actor& node, std::uint32_t workers) {
  auto* leaving = find(node);
  if (!leaving)
    return; // it is gone
  if (!leaving->shards.empty()) {
    if (auto* to = emptiest())
      return move_shard_to(to->node, node, workers);
    return stay(node, "no other node is heard of");
  }
  auto asked = std::exchange(leaving->leave_asked, {});
  std::erase_if(places, [&node](const place& each) { return each.node == node; });
  compat::send(self, coordinator, vacate_host{node.node(), vacate_host::all});
  for (auto& one : asked)
    one.deliver(workers);
}

// The new place is connected to this process, for parameters that are tested, then to all others, for their workers.
void places_state::move_shard_to(const node_actor& to, const node_actor& from, std::uint32_t workers) {
  auto shard = *find(from)->shards.begin();
  auto refuse = [this, from](const caf::error& problem) { stay(from, explain(self->system(), problem)); };
  auto moved = [this, from, shard, workers] {
    if (auto* former = find(from))
      former->shards.erase(shard);
    empty(from, workers);
  };
  auto move = [this, to, shard, moved, refuse](const caf::expected<member_actor>& member) {
    if (!member)
      return refuse(member.error());
    compat::request(
        self, coordinator, caf::infinite, moved,
        [this, to, shard, refuse](const caf::error& problem) {
          if (auto* one = find(to))
            one->shards.erase(shard);
          refuse(problem);
        },
        move_shard{shard, *member});
  };
  auto spawn_there = [this, to, from, shard, move] {
    auto* there = find(to);
    if (!there)
      return stay(from, "the node that its shard was to go to is gone");
    spawn_on(*there, shard, move);
  };
  auto connect_others = [this, to, refuse, spawn_there](std::uint32_t) {
    connect_nodes wanted{job.token, {}};
    for (const auto& each : places)
      if (each.node != to)
        wanted.peers.push_back(peer_of(each));
    compat::request(
        self, to, links_timeout, [spawn_there](std::uint32_t) { spawn_there(); }, refuse, wanted);
  };
  compat::request(self, self->spawn<caf::detached>(link_opener_behavior, job.ways), caf::infinite, connect_others,
                  refuse, connect_nodes{job.token, {peer_of(*find(to))}});
}

void places_state::stay(const node_actor& node, const std::string& why) {
  auto* staying = find(node);
  if (!staying)
    return;
  note("node " + to_string(staying->address) + " stays: " + why);
  for (auto& one : std::exchange(staying->leave_asked, {}))
    one.deliver(refusal("job " + std::string{job.what.read()->getId()} + ": " + why));
}

} // namespace drover
