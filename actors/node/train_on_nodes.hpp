#pragma once

#include "drover/actors/cluster.hpp"
#include "drover/actors/node/fleet.hpp"

namespace drover {

/// The same as `train`, but with workers and shards on nodes; this process is coordinator and tests the parameters, so
/// that it reads the job's data, too. Throws as `train` does, and std::runtime_error with one sentence about all nodes
/// that cannot be used.
[[nodiscard]] train_result train_on_nodes(const job& what, const node_access& where, train_options options);

} // namespace drover
