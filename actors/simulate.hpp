#pragma once

#include "drover/actors/job.hpp"
#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/network.hpp"
#include "drover/actors/train_result.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/registry.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <stop_token>
#include <vector>

namespace drover {

/// What `simulate` may be given beside the job and the cluster.
struct simulate_options {
  model_registry models = standard_models(); ///< models the job may name
  std::optional<dataset_pair> data;          ///< used instead of the job's `data` where set
  progress_function on_progress;             ///< may be empty; all its seconds are virtual
  std::stop_token stop;                      ///< stops the job after the steps under way
  /// Virtual time after which the job is stopped in the same way. Where the coordinator's machine is paused then, and
  /// for long, the result is what it told before, without parameters; the summary's sentence says so.
  double seconds_max = std::numeric_limits<double>::infinity();
};

/// What a simulation measured beside what a job does.
struct simulation_measures {
  double seconds = 0; ///< virtual, from the beginning to the last event
  std::uint64_t events = 0;
  std::vector<double> computing; ///< by worker: share of the virtual time in which it computed
  sim::network::counts traffic;
  std::uint64_t fingerprint = 0; ///< of all that happened, in its order, and of the parameters
  bool out_of_time = false;      ///< stopped for `seconds_max`
};

struct simulate_result {
  train_result trained;
  simulation_measures measures;
};

/// Runs a job on a simulated cluster: the gradients are real, the time is virtual, and the job's seed is the cluster's,
/// too. The same job, cluster and options give the same bits, unless `stop` is asked for. Honours the job's `save` and
/// `metrics`. In the calling thread; several can run at once. Throws std::invalid_argument for a job that cannot be run
/// on the cluster and std::runtime_error for data that cannot be read, or for a job that nobody is left to end, each
/// with one sentence.
[[nodiscard]] simulate_result simulate(const job& what, const sim::cluster& on, simulate_options options = {});

} // namespace drover
