#include "drover/actors/node/find_nodes.hpp"

#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <algorithm>
#include <utility>

namespace drover {

namespace {

caf::expected<places_state::place> greet(caf::actor_system& system, caf::scoped_actor& self, const node_address& where,
                                         const std::string& token) {
  auto found = connect(system, self, where);
  if (!found)
    return found.error();
  caf::expected<places_state::place> result{places_state::place{where, caf::actor_cast<node_actor>(*found), {}}};
  compat::ask(self, result->node, answer_timeout, ask_status{token})
      .receive([&result](const message<messages::NodeStatus>& status) { result->status = status; },
               [&result](const caf::error& problem) { result = problem; });
  return result;
}

} // namespace

found_nodes find_nodes(caf::actor_system& system, caf::scoped_actor& self, const std::vector<node_address>& nodes,
                       const std::string& token) {
  watch_connections(system);
  found_nodes result;
  auto unreachable = wait_until_reachable(nodes, reach_timeout);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!unreachable[i].empty()) {
      result.wrong.add(nodes[i], unreachable[i]);
      continue;
    }
    auto one = greet(system, self, nodes[i], token);
    if (!one) {
      result.wrong.add(nodes[i], explain(system, one.error()));
      continue;
    }
    auto first = std::ranges::find(result.nodes, one->node.node(), [](const auto& each) { return each.node.node(); });
    if (first == result.nodes.end())
      result.nodes.push_back(std::move(*one));
    else
      result.wrong.add(nodes[i], "it is the same node as " + to_string(first->address));
  }
  return result;
}

} // namespace drover
