#pragma once

#include "drover/actors/node/node_address.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

namespace drover {

/// Connects to the job whose trainer listens there, waiting some seconds for one that does not listen yet. Throws
/// std::runtime_error with a sentence.
[[nodiscard]] places_actor find_job(caf::actor_system& system, caf::scoped_actor& self, const node_address& trainer);

} // namespace drover
