#include "drover/actors/node/node.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/job_door.hpp"
#include "drover/actors/node/network.hpp"
#include "drover/actors/node/node_behavior.hpp"
#include "drover/actors/node/prepared.hpp"
#include "drover/actors/node/strangers.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <caf/scoped_actor.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace drover {

namespace {

// Its data may be many.
constexpr std::chrono::minutes join_timeout{30};

} // namespace

node::node(caf::actor_system& system, node_options options) : system_(system), address_(options.listen) {
  watch_connections(system);
  advertised_host_ = options.advertised_host;
  token_ = options.token;
  links_ = std::make_shared<links>(system, options.log);
  links_->listen({options.listen.host, options.data_port});
  auto log = options.log;
  actor_ = system.spawn(node_behavior, std::move(options), links_);
  try {
    address_.port = publish(system, caf::actor_cast<caf::actor>(actor_), address_);
  } catch (...) {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
    throw;
  }
  tells_strangers_ = static_cast<bool>(log);
  if (log)
    report_strangers(std::move(log));
}

node::~node() {
  unpublish(system_, caf::actor_cast<caf::actor>(actor_), address_.port);
  caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  links_->close();
  if (tells_strangers_)
    report_strangers({});
}

std::uint32_t node::join(const node_address& trainer) {
  caf::scoped_actor self{system_};
  auto places = find_job(system_, self, trainer);
  auto everywhere = address_.host == "0.0.0.0" || address_.host == "::";
  auto own = address_;
  if (!advertised_host_.empty())
    own.host = advertised_host_;
  else if (everywhere)
    own.host = host_name();
  auto refuse = [&trainer](const std::string& why) {
    throw std::runtime_error("cannot join the job at " + to_string(trainer) + ": " + why);
  };
  // A request would not be told that the trainer dies: what is sent and what is monitored come in at the same place.
  self->monitor(places);
  compat::send(self.ptr(), places, join_job{token_, to_string(own), actor_});
  std::uint32_t result = 0;
  self->receive([&result](std::uint32_t workers) { result = workers; },
                [this, refuse](const caf::error& problem) {
                  refuse(explain(system_, problem) +
                         (problem == data_missing ? "; a trainer with --send-data sends its data to the nodes" : ""));
                },
                [refuse](const caf::down_msg&) { refuse("the job is over, or its trainer is gone"); },
                caf::after(join_timeout) >> [refuse] { refuse("it does not answer"); });
  return result;
}

std::uint32_t node::drain() {
  caf::scoped_actor self{system_};
  std::uint32_t result = 0;
  compat::ask(self, actor_, drain_timeout, drain_node{token_})
      .receive([&result](std::uint32_t members) { result = members; },
               [this](const caf::error& problem) { throw std::runtime_error(explain(system_, problem)); });
  return result;
}

} // namespace drover
