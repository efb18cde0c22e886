#include "drover/actors/core/overload.hpp"
#include "drover/actors/node/link_opener.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/places.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <algorithm>
#include <utility>
#include <variant>

// Nodes that leave: what their evacuation wants is done here.

namespace drover {

caf::result<void> places_state::let_go(const leave_job& request) {
  auto* one = find(request.node);
  if (!one)
    return caf::unit;
  if (!coordinator)
    return refusal("job " + std::string{job.what.read()->getId()} + ": it has not begun yet");
  auto is_first = one->leave_asked.empty();
  one->leave_asked.push_back(self->make_response_promise<void>());
  caf::result<void> answer{one->leave_asked.back()};
  if (is_first) {
    auto first = leaving.leave(one->number);
    if (!std::holds_alternative<evacuation::stay>(first))
      note("node " + to_string(one->address) + " leaves");
    perform(first);
  }
  return answer;
}

void places_state::perform(const evacuation::step& next) {
  std::visit(overload{
                 [](std::monostate) {},
                 [this](const evacuation::move& what) { carry(what); },
                 [this](const evacuation::departure& what) { part_from(what); },
                 [this](const evacuation::stay& what) { keep(what); },
             },
             next);
}

// The new place is connected to this process, for parameters that are tested, then to all others, for their workers.
void places_state::carry(const evacuation::move& what) {
  auto not_moved = [this](const caf::error& problem) { perform(leaving.not_moved(explain(self->system(), problem))); };
  auto move = [this, what, not_moved](const caf::expected<member_actor>& member) {
    if (!member)
      return not_moved(member.error());
    const auto* there = find(what.to);
    compat::request(
        self, coordinator, caf::infinite,
        [this] {
          auto next = leaving.moved();
          tell_moved();
          perform(next);
        },
        [this](const caf::error& problem) { perform(leaving.refused(explain(self->system(), problem))); },
        move_shard{what.shard, *member, there ? to_string(there->address) : ""});
  };
  auto spawn_there = [this, what, move, not_moved](std::uint32_t) {
    if (auto* there = find(what.to))
      spawn_on(*there, what.shard, move);
    else
      not_moved(refusal("the node that its shard was to go to is gone"));
  };
  auto connect_others = [this, what, not_moved, spawn_there](std::uint32_t) {
    const auto* there = find(what.to);
    if (!there)
      return spawn_there(0);
    connect_nodes wanted{job.token, {}};
    for (const auto& each : places)
      if (each.number != what.to)
        wanted.peers.push_back(peer_of(each));
    compat::request(self, there->node, links_timeout, spawn_there, not_moved, wanted);
  };
  compat::request(self, self->spawn<caf::detached>(link_opener_behavior, job.ways), caf::infinite, connect_others,
                  not_moved, connect_nodes{job.token, {peer_of(*find(what.to))}});
}

void places_state::tell_moved() const {
  if (!job.on_moved)
    return;
  std::vector<node_address> hosts;
  for (const auto& one : places)
    if (one.leave_asked.empty() || !roster.shards(one.number).empty())
      hosts.push_back(one.address);
  job.on_moved(hosts);
}

void places_state::part_from(const evacuation::departure& what) {
  auto gone = std::move(*find(what.node));
  std::erase_if(places, [&what](const place& each) { return each.number == what.node; });
  compat::send(self, coordinator, vacate_host{gone.node.node(), vacate_host::all});
  for (auto& one : gone.leave_asked)
    one.deliver();
  perform(leaving.next());
}

void places_state::keep(const evacuation::stay& what) {
  if (auto* one = find(what.node)) {
    note("node " + to_string(one->address) + " stays: " + what.why);
    for (auto& asked : std::exchange(one->leave_asked, {}))
      asked.deliver(refusal("job " + std::string{job.what.read()->getId()} + ": " + what.why));
  }
  perform(leaving.next());
}

} // namespace drover
