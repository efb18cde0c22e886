#include "drover/actors/node/node_config.hpp"

#include "drover/actors/batch_thread.hpp"
#include "drover/actors/caf_compat.hpp"
#include "drover/actors/cluster.hpp"

#include <caf/io/middleman.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace drover {

void init_node_meta_objects() {
  static std::once_flag once;
  std::call_once(once, [] {
    caf::io::middleman::init_global_meta_objects();
    init_global_meta_objects();
  });
}

node_config::node_config(unsigned threads) {
  load<caf::io::middleman>();
  // As in one process: workers sleep while they wait, and the default policy would poll for them.
  set("caf.scheduler.policy", "sharing");
  set("caf.scheduler.max-threads", threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency()));
  add_thread_hook<compat::thread_starter>(become_batch_thread);
  set_for_nodes(*this);
}

void set_for_nodes(caf::actor_system_config& config) {
  config.set("caf.middleman.app-identifiers", std::vector<std::string>{"drover-" DROVER_PROTOCOL});
  config.set("caf.middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{1}});
  config.set("caf.middleman.connection-timeout", caf::timespan{std::chrono::seconds{connection_timeout_seconds}});
}

} // namespace drover
