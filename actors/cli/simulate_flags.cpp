#include "drover/actors/cli/simulate_flags.hpp"

#include "drover/models/nearest.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

std::string preset_list() {
  std::vector<std::string> names{sim::preset_names().begin(), sim::preset_names().end()};
  return joined(names);
}

bool is_one_of(const std::string& name, std::span<const std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

void needs(const command_line& line, const std::string& needed, std::span<const std::string_view> names) {
  if (line.has(needed))
    return;
  for (const auto& flag : line.flags)
    if (is_one_of(flag.name, names))
      throw std::invalid_argument("--" + flag.name + " goes with --" + needed + ", which is not given");
}

constexpr std::array<std::string_view, 3> of_hunts{"from", "swarm", "trace"};
constexpr std::array<std::string_view, 1> of_comparisons{"picture"};

} // namespace

options::options_description simulate_flags() {
  auto text = [](const char* placeholder) { return options::value<std::string>()->value_name(placeholder); };
  options::options_description one{"Simulation", help_columns, help_columns / 2};
  one.add_options()("cluster", text("TEXT"), ("cluster file, or a preset: " + preset_list() + " [one-host]").c_str());
  one.add_options()("seconds-max", text("X"), "stop the job after so many virtual seconds");
  one.add_options()("replay", text("HEX"), "compare the fingerprint with that of an earlier run");
  one.add_options()("print-cluster", "print the cluster as JSON, and do not simulate");
  one.add_options()("calibrate", text("FILE"),
                    "measure this machine with the job, write it as a cluster file, and do not simulate");
  options::options_description several{"Comparison", help_columns, help_columns / 2};
  several.add_options()("compare", text("LIST"), "the same job under each consistency: bsp,ssp:2,asp");
  several.add_options()("picture", text("TEXT"), "draw loss and accuracy against virtual time into this SVG file");
  options::options_description hunt{"Hunt", help_columns, help_columns / 2};
  hunt.add_options()("hunt", text("N"),
                     "instead of a job, run so many small seeded worlds with faults, and check what "
                     "must always hold");
  hunt.add_options()("from", text("SEED"), "first seed [1]");
  hunt.add_options()("swarm", "leave each kind of fault out of half of the worlds");
  hunt.add_options()("trace", "print a line for everything that happens");
  options::options_description others{"Other", help_columns, help_columns / 2};
  others.add_options()("print-job", "print the job with every default filled in as JSON, and do not simulate");
  others.add_options()("help,h", "this text");
  options::options_description result{help_columns, help_columns / 2};
  result.add(one).add(several).add(hunt);
  return result.add(job_flags([](const job_field&) { return true; }, true)).add(others);
}

void print_simulate_help(const options::options_description& known) {
  std::cout << "usage: drover simulate [job.json] [flags]\n"
               "       drover simulate --hunt N [--from SEED] [--swarm] [--trace]\n\n"
               "Trains a model with real gradients on a cluster that does not have to exist, in virtual time. The\n"
               "same job, cluster and seed give the same bits. With --hunt, looks for orders of messages and faults\n"
               "that break what must always hold.\n"
            << known
            << "\nends with:\n"
               "  0  the job completed, or no seed of a hunt failed\n"
               "  1  the job did not complete, or a file could not be read or written\n"
               "  2  the command line, the job or the cluster file is wrong\n"
               "  3  --replay: another fingerprint; --hunt: an invariant was violated\n"
               "  4  --hunt: no progress\n"
               "  5  --hunt: a crash, or an exception that should not be\n"
               "  130  Ctrl-C\n"
               "\nexamples:\n"
               "  drover simulate --data fashion-mnist --workers 16 --cluster 10gbe-rack\n"
               "  drover simulate job.json --cluster cluster.json --compare bsp,ssp:2,asp --picture which.svg\n"
               "  drover simulate job.json --cluster cluster.json --seed 7 --replay 0123456789abcdef\n"
               "  drover simulate job.json --calibrate here.json\n"
               "  drover simulate --hunt 1000 --from 1 --swarm\n";
}

void check_combinations(const command_line& line) {
  needs(line, "hunt", of_hunts);
  needs(line, "compare", of_comparisons);
  if (line.has("hunt")) {
    if (!line.files.empty())
      throw std::invalid_argument("a hunt draws its jobs itself: it takes no job file, and " + line.files.front() +
                                  " is given");
    for (const auto& flag : line.flags)
      if (flag.name != "hunt" && !is_one_of(flag.name, of_hunts))
        throw std::invalid_argument("a hunt draws jobs and clusters itself: --" + flag.name +
                                    " does not go with --hunt");
  }
  if (line.has("calibrate"))
    for (const auto* name :
         {"cluster", "compare", "replay", "save", "metrics", "seconds-max", "print-cluster", "print-job"})
      if (line.has(name))
        throw std::invalid_argument(std::string{"--"} + name + " is about a simulation, --calibrate makes none");
  if (line.has("compare")) {
    if (line.has("consistency"))
      throw std::invalid_argument("--compare and --consistency both say under which consistency");
    for (const auto* name : {"replay", "save", "metrics"})
      if (line.has(name))
        throw std::invalid_argument(std::string{"--"} + name + " is about one run, --compare makes several");
  }
}

sim::cluster cluster_named(const std::string& name) {
  auto presets = sim::preset_names();
  auto is_preset = std::ranges::find(presets, name) != presets.end();
  // A file of a preset's name can be said as ./NAME. What looks like a file is missed as one.
  auto is_file = name.find_first_of("./") != std::string::npos || std::filesystem::exists(name);
  return !is_preset && is_file ? sim::cluster::from_file(name) : sim::cluster::preset(name);
}

} // namespace drover::cli
