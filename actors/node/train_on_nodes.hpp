#pragma once

#include "drover/actors/cluster.hpp"
#include "drover/actors/node/fleet.hpp"

namespace drover {

/// The same as `train`, but with workers and shards on nodes; this process is coordinator and tests the parameters, so
/// that it reads the job's data, too, or alone where it sends them to the nodes. Without nodes it is `train` that may
/// be looked at. Throws as `train` does, and std::runtime_error with one sentence about all nodes that cannot be used.
[[nodiscard]] train_result train_on_nodes(const job& what, const node_access& where, train_options options);

/// Goes on with a job whose trainer died, with the shards that it left behind on these nodes: every worker begins again
/// at the step where it was. `id` is what the nodes call it. Of `outputs` only `save` and `metrics` count, the rest is
/// the job's own. Throws as `train_on_nodes` does, and where the nodes do not keep that job, or not all of it.
[[nodiscard]] train_result resume_on_nodes(const std::string& id, const job& outputs, const node_access& where,
                                           train_options options);

} // namespace drover
