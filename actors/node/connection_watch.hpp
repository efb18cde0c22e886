#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/node_id.hpp>

#include <functional>
#include <string>

namespace drover {

/// How long nothing has to come over a connection of CAF's for it to be given up. `watch_connections` reads it; CAF's
/// own check of that is switched off.
void allow_silence(caf::actor_system_config& config, caf::timespan longest);

/// Call it before the network is used: gives up connections that are silent, and those that are not made within
/// `connect_timeout`, until the system ends. Further calls do nothing.
///
/// CAF's own check gives up, at each heartbeat, every connection whose peer has not answered yet at all, as if nothing
/// had come for ever. Whoever tries again at once may be taken by a busy peer for the one before, whose end the peer is
/// told of only afterwards: it forgets the way back and never answers.
void watch_connections(caf::actor_system& system);

/// Calls `use` with HOST:PORT at the other end of the connection to that process, in the thread that serves the
/// network; "a peer that is gone" where there is none any more.
void with_address_of(caf::actor_system& system, const caf::node_id& process,
                     std::function<void(const std::string&)> use);

} // namespace drover
