#pragma once

#include <caf/actor_system_config.hpp>

namespace drover {

/// Tells CAF about Drover's messages and its own of the network. Call it before the first `caf::actor_system` is made,
/// instead of `init_global_meta_objects`; further calls do nothing.
void init_node_meta_objects();

/// An actor system that can be a node, or train on nodes. Programs with a configuration of their own need of it:
/// CAF's middleman, and `set_for_nodes`.
struct node_config : caf::actor_system_config {
  /// `threads`: of the scheduler; 0: one a core.
  explicit node_config(unsigned threads = 0);
};

/// What the network of a node's actor system is set to: who speaks another protocol is not talked to, and a peer that
/// is silent for `connection_timeout_seconds` counts as gone.
void set_for_nodes(caf::actor_system_config& config);
constexpr unsigned connection_timeout_seconds = 10;

} // namespace drover
