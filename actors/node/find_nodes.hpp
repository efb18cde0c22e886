#pragma once

#include "drover/actors/node/complaints.hpp"
#include "drover/actors/node/node_address.hpp"
#include "drover/actors/node/places.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <string>
#include <vector>

namespace drover {

/// Nodes that answered, in the order in which they were named, and why the others did not.
struct found_nodes {
  std::vector<places_state::place> nodes;
  complaints wrong;
};

/// Connects to all of them, waiting some seconds for those that do not listen yet. Each is used once, by whatever
/// names.
[[nodiscard]] found_nodes find_nodes(caf::actor_system& system, caf::scoped_actor& self,
                                     const std::vector<node_address>& nodes, const std::string& token);

} // namespace drover
