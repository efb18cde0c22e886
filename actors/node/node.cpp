#include "drover/actors/node/node.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node_behavior.hpp"

#include <utility>

namespace drover {

node::node(caf::actor_system& system, node_options options) : system_(system), address_(options.listen) {
  links_ = std::make_shared<links>(system, options.log);
  links_->listen({options.listen.host, options.data_port});
  actor_ = system.spawn(node_behavior, std::move(options), links_);
  try {
    address_.port = publish(system, actor_, address_);
  } catch (...) {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    throw;
  }
}

node::~node() {
  unpublish(system_, actor_, address_.port);
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  links_->close();
}

} // namespace drover
