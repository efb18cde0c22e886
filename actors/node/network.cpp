#include "drover/actors/node/network.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/plain_door.hpp"
#include "drover/actors/node/strangers.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>

#include <set>
#include <stdexcept>

namespace drover {

caf::io::middleman_actor connector(caf::actor_system& system) {
  return system.has_openssl_manager() ? system.openssl_manager().actor_handle() : system.middleman().actor_handle();
}

caf::expected<caf::strong_actor_ptr> connect(caf::actor_system& system, caf::scoped_actor& self,
                                             const node_address& where) {
  caf::expected<caf::strong_actor_ptr> result{caf::sec::connection_timeout};
  compat::ask(self, connector(system), connect_wait, caf::connect_atom_v, where.host, where.port)
      .receive(
          [&result](const caf::node_id&, const caf::strong_actor_ptr& found, const std::set<std::string>&) {
            if (found)
              result = found;
            else
              result = refusal("nobody is there");
          },
          [&result](const caf::error& problem) { result = problem; });
  return result;
}

std::uint16_t publish(caf::actor_system& system, const caf::actor& what, const node_address& where) {
  // Re-use: a node may have died at this port a moment ago.
  auto port = system.has_openssl_manager() ? caf::openssl::publish(what, where.port, where.host.c_str(), true)
                                           : publish_in_plain_text(system, what, where.host, where.port);
  if (!port)
    throw std::runtime_error("cannot listen on " + to_string(where) +
                             ": the port is in use or not allowed, or the address is none of this machine's");
  return *port;
}

void unpublish(caf::actor_system& system, const caf::actor& what, std::uint16_t port) {
  compat::anon_send(connector(system), caf::unpublish_atom_v, what.address(), port);
}

caf::error wrong_token(caf::actor_system& system, const caf::strong_actor_ptr& who, const std::string& whose) {
  if (who)
    with_address_of(system, who->node(), [whose](const std::string& where) {
      log_stranger(where, "its token is not this " + whose + "'s");
    });
  return refusal("the token is not this " + whose + "'s");
}

std::string explain(caf::actor_system& system, const caf::error& problem) {
  if (problem == caf::sec::incompatible_application_ids)
    return "it is another version of Drover, or another program";
  if (problem == caf::sec::connection_timeout)
    return "the connection was not made in time";
  if (problem == caf::sec::request_timeout)
    return "it does not answer as a node does";
  if (problem == caf::sec::unexpected_message)
    return "it is a node where a job's trainer was looked for, or the other way round";
  if (problem == caf::sec::request_receiver_down || problem == caf::sec::broken_promise)
    return "it went away";
  if (problem == caf::sec::malformed_basp_message)
    return "it is no node";
  if (problem == caf::sec::disconnect_during_handshake || problem == caf::sec::cannot_connect_to_node)
    return system.has_openssl_manager() ? "it is no node, or its certificate or ours is not of the same authority"
                                        : "it is no node, or one that wants TLS: say --credentials DIR";
  return compat::describe(problem);
}

} // namespace drover
