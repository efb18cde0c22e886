#include "drover/actors/node/node.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node_behavior.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <set>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

constexpr std::chrono::milliseconds reach_timeout{10'000};
constexpr std::chrono::seconds connect_timeout{10};
// Its data may be many.
constexpr std::chrono::minutes join_timeout{30};
constexpr std::chrono::seconds drain_timeout{30};

} // namespace

node::node(caf::actor_system& system, node_options options) : system_(system), address_(options.listen) {
  advertised_host_ = options.advertised_host;
  token_ = options.token;
  links_ = std::make_shared<links>(system, options.log);
  links_->listen({options.listen.host, options.data_port});
  actor_ = system.spawn(node_behavior, std::move(options), links_);
  try {
    address_.port = publish(system, caf::actor_cast<caf::actor>(actor_), address_);
  } catch (...) {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    throw;
  }
}

node::~node() {
  unpublish(system_, caf::actor_cast<caf::actor>(actor_), address_.port);
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  links_->close();
}

std::uint32_t node::join(const node_address& trainer) {
  auto fail = [this, &trainer](const caf::error& problem) {
    throw std::runtime_error("cannot join the job at " + to_string(trainer) + ": " + explain(system_, problem));
  };
  if (auto problem = wait_until_reachable({trainer}, reach_timeout).front(); !problem.empty())
    throw std::runtime_error("cannot join the job at " + to_string(trainer) + ": " + problem);
  caf::scoped_actor self{system_};
  places_actor places;
  compat::ask(self, connector(system_), connect_timeout, caf::connect_atom_v, trainer.host, trainer.port)
      .receive([&places](const caf::node_id&, const caf::strong_actor_ptr& found,
                         const std::set<std::string>&) { places = caf::actor_cast<places_actor>(found); },
               fail);
  if (!places)
    throw std::runtime_error("cannot join the job at " + to_string(trainer) + ": nobody is there");
  auto everywhere = address_.host == "0.0.0.0" || address_.host == "::";
  auto own = address_;
  if (!advertised_host_.empty())
    own.host = advertised_host_;
  else if (everywhere)
    own.host = host_name();
  std::uint32_t result = 0;
  compat::ask(self, places, join_timeout, join_job{token_, to_string(own), actor_})
      .receive([&result](std::uint32_t workers) { result = workers; }, fail);
  return result;
}

std::uint32_t node::drain() {
  caf::scoped_actor self{system_};
  std::uint32_t result = 0;
  compat::ask(self, actor_, drain_timeout, drain_node{token_})
      .receive([&result](std::uint32_t workers) { result = workers; },
               [this](const caf::error& problem) { throw std::runtime_error(explain(system_, problem)); });
  return result;
}

} // namespace drover
