#include "drover/actors/node/node.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/node_behavior.hpp"

#include <caf/io/middleman.hpp>

#include <stdexcept>
#include <utility>

namespace drover {

node::node(caf::actor_system& system, node_options options) : system_(system), address_(options.listen) {
  actor_ = system.spawn(node_behavior, std::move(options));
  auto port = system.middleman().publish(actor_, address_.port, address_.host.c_str(),
                                         true); // re-use: a node may have died here
  if (!port) {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    throw std::runtime_error("cannot listen on " + to_string(address_) +
                             ": the port is in use or not allowed, or the address is none of this machine's");
  }
  address_.port = *port;
}

node::~node() {
  system_.middleman().unpublish(actor_, address_.port);
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
}

} // namespace drover
