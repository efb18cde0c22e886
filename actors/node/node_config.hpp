#pragma once

#include "drover/actors/node/credentials.hpp"

#include <caf/actor_system_config.hpp>

#include <optional>

namespace drover {

/// Tells CAF about Drover's messages and its own of the network. Call it before the first `caf::actor_system` is made,
/// instead of `init_global_meta_objects`; further calls do nothing.
void init_node_meta_objects();

/// Makes a configuration fit for a node, or for training on nodes: with credentials everything goes over TLS; who
/// speaks another protocol is not talked to; a peer that is silent for `connection_timeout_seconds` counts as gone.
/// Between processes of one host that live and stop together nothing but a process's end counts: the kernel tells it.
/// Nothing that is loaded from files afterwards may change what is set here.
enum class reach { network, one_host };
void configure_for_nodes(caf::actor_system_config& config, const std::optional<credentials>& own,
                         reach how_far = reach::network);
constexpr unsigned connection_timeout_seconds = 30;

/// A configuration for programs that have none of their own.
struct node_config : caf::actor_system_config {
  /// `threads`: of the scheduler; 0: one a core.
  explicit node_config(const std::optional<credentials>& own, unsigned threads = 0, reach how_far = reach::network);
};

} // namespace drover
