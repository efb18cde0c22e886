#include "drover/actors/node/connection_watch.hpp"

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/node/timeouts.hpp"

#include <caf/actor_registry.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/settings.hpp>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace drover {

namespace {

constexpr char silence_key[] = "drover.silence-allowed";
constexpr auto watch_name = "drover.connection-watch";
constexpr std::chrono::milliseconds look_interval{500};

// Only in the thread that serves the network.
void give_up_silent(caf::io::basp_broker& broker, caf::timespan allowed) {
  using time_point = caf::actor_clock::time_point;
  auto now = broker.clock().now();
  std::vector<caf::io::connection_handle> silent;
  for (auto& [connection, context] : broker.ctx) {
    auto& seen = context.last_seen;
    // One that is being made, met for the first time.
    if (seen == time_point{})
      seen = now - std::max(caf::timespan{0}, allowed - connect_timeout);
    if (now - seen > allowed)
      silent.push_back(connection);
  }
  for (const auto& connection : silent) {
    broker.connection_cleanup(connection, caf::sec::connection_timeout);
    broker.close(connection);
  }
}

// Calls `use` with the broker of all connections in its own thread, unless it has ended.
template <class Use>
void in_network(caf::actor_system& system, const caf::actor& broker, Use use) {
  system.middleman().backend().post([broker, use = std::move(use)] {
    auto* network = static_cast<caf::io::basp_broker*>(caf::actor_cast<caf::abstract_actor*>(broker));
    if (!network->getf(caf::abstract_actor::is_terminated_flag))
      use(*network);
  });
}

caf::behavior watch_behavior(caf::event_based_actor* self, const caf::actor& broker, caf::timespan allowed) {
  compat::set_up(self);
  self->monitor(broker);
  self->set_down_handler([self](const caf::down_msg&) { self->quit(); });
  compat::delayed_send(self, caf::actor{self}, look_interval, caf::tick_atom_v);
  return {[self, broker, allowed](caf::tick_atom) {
    in_network(self->system(), broker, [allowed](caf::io::basp_broker& network) { give_up_silent(network, allowed); });
    compat::delayed_send(self, caf::actor{self}, look_interval, caf::tick_atom_v);
  }};
}

} // namespace

void allow_silence(caf::actor_system_config& config, caf::timespan longest) {
  caf::put(config.content, silence_key, longest);
}

void watch_connections(caf::actor_system& system) {
  if (system.registry().get(watch_name))
    return;
  auto broker = system.middleman().get_named_broker("BASP");
  compat::close_mailbox_at_end(broker);
  auto allowed = caf::get_or(system.config(), silence_key, caf::timespan{std::chrono::years{100}});
  auto watch = system.spawn<caf::hidden>(watch_behavior, broker, allowed);
  system.registry().put(watch_name, caf::actor_cast<caf::strong_actor_ptr>(watch));
}

void with_address_of(caf::actor_system& system, const caf::node_id& process,
                     std::function<void(const std::string&)> use) {
  auto broker = system.middleman().get_named_broker("BASP");
  in_network(system, broker, [process, use = std::move(use)](caf::io::basp_broker& network) {
    auto connection = network.instance.tbl().lookup_direct(process);
    try {
      use(connection ? network.remote_addr(*connection) + ':' + std::to_string(network.remote_port(*connection))
                     : "a peer that is gone");
    } catch (...) {
      // It goes unsaid: this thread serves everybody.
    }
  });
}

} // namespace drover
