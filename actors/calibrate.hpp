#pragma once

#include "drover/actors/job.hpp"
#include "drover/actors/sim/cluster.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/registry.hpp"

#include <cstdint>
#include <optional>

namespace drover {

/// What one machine needs for a job, as the simulator's machine model has it; seconds and bytes a second.
struct calibration {
  std::uint32_t cores = 1;
  std::uint64_t memory_bytes = 0;
  double step_seconds = 0;           ///< median of a gradient
  double step_sigma = 0;             ///< standard deviation of its logarithm
  double message_seconds = 0;        ///< handling one message
  double apply_bytes_per_second = 0; ///< gradients applied by the job's update rule
  double copy_bytes_per_second = 0;  ///< parameters or gradients that cross from one thread to another
  double wake_seconds = 0;           ///< until a waiting thread runs
  double crowded_seconds = 0;        ///< what a step takes on top where workers share a core, and its caches

  /// A cluster of this machine alone.
  [[nodiscard]] sim::cluster cluster() const;
};

struct calibrate_options {
  model_registry models = standard_models(); ///< models the job may name
  std::optional<dataset_pair> data;          ///< used instead of the job's `data` where set
};

/// Measures this machine with a job's model, data and update rule, in some seconds, in which nothing else should run.
/// Blocks. Throws as `train` does.
[[nodiscard]] calibration calibrate(const job& what, calibrate_options options = {});

} // namespace drover
