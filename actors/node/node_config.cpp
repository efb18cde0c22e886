#include "drover/actors/node/node_config.hpp"

#include "drover/actors/batch_thread.hpp"
#include "drover/actors/caf_compat.hpp"
#include "drover/actors/cluster.hpp"
#include "drover/actors/node/connection_watch.hpp"
#include "drover/actors/node/protocol.hpp"
#include "drover/actors/node/tls_guard.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace drover {

namespace {

constexpr caf::timespan never = std::chrono::years{100};

} // namespace

void init_node_meta_objects() {
  static std::once_flag once;
  std::call_once(once, [] {
    caf::io::middleman::init_global_meta_objects();
    init_global_meta_objects();
  });
}

void configure_for_nodes(caf::actor_system_config& config, const std::optional<credentials>& own, reach how_far) {
  config.load<caf::io::middleman>();
  config.set("caf.middleman.app-identifiers", std::vector{application_protocol()});
  // Also where silence is allowed: who looks at a job from elsewhere takes it for the job's end.
  config.set("caf.middleman.heartbeat-interval", caf::timespan{std::chrono::seconds{2}});
  config.set("caf.middleman.connection-timeout", never); // see watch_connections
  allow_silence(config, how_far == reach::network ? std::chrono::seconds{connection_timeout_seconds} : never);
  // With workers CAF forgets a connection that has ended only when all messages before it are read, by its number,
  // which another may have by then: that one would never be answered. Large messages do not go this way.
  config.set("caf.middleman.workers", std::size_t{0});
  // They would be plain text on a port of their own.
  config.set("caf.middleman.enable-automatic-connections", false);
  if (!own)
    return;
  guard_tls(own->authority);
  config.load<caf::openssl::manager>();
  config.set("caf.openssl.certificate", own->certificate.string());
  config.set("caf.openssl.key", own->key.string());
  config.set("caf.openssl.cafile", own->authority.string());
}

node_config::node_config(const std::optional<credentials>& own, unsigned threads, reach how_far) {
  // As in one process: workers sleep while they wait, and the default policy would poll for them.
  set("caf.scheduler.policy", "sharing");
  set("caf.scheduler.max-threads", threads != 0 ? threads : std::max(1u, std::thread::hardware_concurrency()));
  add_thread_hook<compat::thread_starter>(become_batch_thread);
  configure_for_nodes(*this, own, how_far);
}

} // namespace drover
