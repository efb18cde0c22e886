#pragma once

#include "drover/actors/job.hpp"
#include "drover/actors/sim/cluster.hpp"

#include <string>
#include <vector>

namespace drover::cli {

struct comparison_settings {
  job what;
  sim::cluster on;
  std::vector<std::string> consistencies;
  double seconds_max = 0;
  std::string picture; ///< file; empty: none
};

/// Simulates the job under each consistency and prints a table; draws a picture where one is wanted. A run that fails
/// takes nothing from the others. Returns an exit code.
[[nodiscard]] int compare_and_report(const comparison_settings& settings);

} // namespace drover::cli
