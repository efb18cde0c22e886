#pragma once

#include "drover/actors/cli/flags.hpp"
#include "drover/actors/sim/cluster.hpp"

#include <boost/program_options/options_description.hpp>

#include <string>

namespace drover::cli {

/// Everything that `drover simulate` takes: the simulation's own first, then the job's.
[[nodiscard]] boost::program_options::options_description simulate_flags();

void print_simulate_help(const boost::program_options::options_description& known);

/// Throws std::invalid_argument with a sentence for flags that make no sense together.
void check_combinations(const command_line& line);

/// The preset of that name, or the cluster of that file.
[[nodiscard]] sim::cluster cluster_named(const std::string& name);

} // namespace drover::cli
