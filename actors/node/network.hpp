#pragma once

#include "drover/actors/node/node_address.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include <string>

namespace drover {

// The way to other nodes: over TLS where the actor system was configured with credentials, in plain text otherwise.

/// Asks with `caf::connect_atom, host, port`; everything else of CAF's own network would go around TLS.
[[nodiscard]] caf::io::middleman_actor connector(caf::actor_system& system);

/// The actor that is published there, for a thread that waits.
[[nodiscard]] caf::expected<caf::strong_actor_ptr> connect(caf::actor_system& system, caf::scoped_actor& self,
                                                           const node_address& where);

/// Lets others connect. Returns the port; throws std::runtime_error with a sentence.
[[nodiscard]] std::uint16_t publish(caf::actor_system& system, const caf::actor& what, const node_address& where);
void unpublish(caf::actor_system& system, const caf::actor& what, std::uint16_t port);

/// How an actor says no, for `explain` at the other end.
[[nodiscard]] inline caf::error refusal(const std::string& sentence) {
  return caf::make_error(caf::sec::runtime_error, sentence);
}

/// Why there is no connection, in words.
[[nodiscard]] std::string explain(caf::actor_system& system, const caf::error& problem);

/// Tells `report_strangers` of who asked something with a wrong token. The refusal that they get: the token is not this
/// node's, or not this job's.
[[nodiscard]] caf::error wrong_token(caf::actor_system& system, const caf::strong_actor_ptr& who,
                                     const std::string& whose);

} // namespace drover
