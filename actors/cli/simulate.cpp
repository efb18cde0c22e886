#include "drover/actors/simulate.hpp"

#include "drover/actors/calibrate.hpp"
#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/compare.hpp"
#include "drover/actors/cli/comparison.hpp"
#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/hunting.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/cli/simulate_flags.hpp"
#include "drover/actors/cli/simulation_summary.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/cli/training_job.hpp"
#include "drover/actors/saved_model.hpp"
#include "drover/models/data/replacement_file.hpp"

#include <filesystem>
#include <iostream>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <system_error>

namespace drover::cli {

namespace {

// Nothing that is written may take the place of what is read.
void check_outputs(const job& what, const std::string& cluster) {
  std::error_code none_there;
  auto save = std::string{what.read().getSave().cStr()};
  if (!save.empty() && std::filesystem::equivalent(save, cluster, none_there))
    throw std::invalid_argument("save and cluster name the same file, " + cluster);
}

struct simulation {
  job what;
  sim::cluster on;
  double seconds_max = 0;
  std::optional<std::uint64_t> replay;
};

int hunt(const command_line& line) {
  return hunt_seeds({.seeds = whole_number(line, "hunt", {.least = 1}, 1),
                     .from = whole_number(line, "from", {}, 1),
                     .swarm = line.has("swarm"),
                     .trace = line.has("trace"),
                     .terminal = terminal_columns()},
                    std::cout, std::cerr);
}

int compare(const command_line& line, const simulation& which) {
  comparison_settings settings{.what = which.what,
                               .on = which.on,
                               .consistencies = compared_consistencies(text_of(line, "compare")),
                               .seconds_max = which.seconds_max,
                               .picture = text_of(line, "picture")};
  for (const auto& consistency : settings.consistencies)
    static_cast<void>(with_consistency(which.what, consistency)); // refused before any is run
  check_trainable(which.what);
  return compare_and_report(settings);
}

// Whatever else has this name, a job or its data, was not meant.
void check_cluster_place(const std::string& file) {
  std::error_code unknown; // saving says what is wrong then
  if (std::filesystem::exists(file, unknown))
    try {
      static_cast<void>(sim::cluster::from_file(file));
    } catch (const std::exception&) {
      throw std::invalid_argument(file + " is there already and is no cluster file: --calibrate does not replace it");
    }
  check_save_place(file);
}

int measure_machine(const job& what, const std::string& file) {
  check_trainable(what);
  check_cluster_place(file);
  auto measured = calibrate(what);
  auto text = measured.cluster().to_json() + "\n";
  replacement_file out{file};
  out.write(std::as_bytes(std::span{text}));
  out.commit();
  print_calibration(std::cout, measured);
  std::cout << "saved      " << file << std::endl;
  return exit_code::completed;
}

int code_of_time_up(const simulation& which, const train_result& result) {
  if (!result.saved.empty())
    std::cout << "saved      " << result.saved << std::endl;
  std::cerr << "drover: the job was stopped after " << duration(which.seconds_max)
            << " of virtual time, as --seconds-max says";
  if (!result.parameters)
    std::cerr << ", without parameters: " << result.summary.read()->getSentence().cStr();
  std::cerr << std::endl;
  return exit_code::failed;
}

int simulate_and_report(const simulation& which) {
  interrupt signals;
  progress_view view{std::cout, terminal_columns()};
  simulate_options how;
  how.on_progress = [&view](messages::Progress::Reader progress) { view.show(progress); };
  how.stop = signals.token();
  how.seconds_max = which.seconds_max;
  auto result = simulate(which.what, which.on, std::move(how));
  view.finish();

  auto summary = result.trained.summary.read();
  const auto& measures = result.measures;
  print_summary(std::cout, *summary);
  print_measures(std::cout, measures);
  auto stopped = summary->getOutcome() == messages::Summary::Outcome::STOPPED;
  auto code = stopped && measures.out_of_time ? code_of_time_up(which, result.trained)
                                              : report_end(std::cout, std::cerr, result.trained);
  if (!which.replay || *which.replay == measures.fingerprint)
    return code;
  std::cerr << "drover: this run has the fingerprint " << fingerprint_text(measures.fingerprint) << ", not "
            << fingerprint_text(*which.replay) << ": something in the job, the cluster or the program is not the same"
            << std::endl;
  return exit_code::violated;
}

} // namespace

int run_simulate(std::span<const std::string> arguments) {
  auto known = simulate_flags();
  auto line = parse(arguments, known, 1);
  if (line.has("help")) {
    print_simulate_help(known);
    return exit_code::completed;
  }
  check_combinations(line);
  if (line.has("hunt"))
    return hunt(line);
  if (line.has("calibrate"))
    return measure_machine(job_of(line), text_of(line, "calibrate"));
  constexpr auto forever = std::numeric_limits<double>::infinity();
  simulation which{.what = job_of(line),
                   .on = cluster_named(line.has("cluster") ? text_of(line, "cluster") : "one-host"),
                   .seconds_max = seconds_of(line, "seconds-max", forever),
                   .replay = {}};
  check_outputs(which.what, text_of(line, "cluster"));
  if (line.has("replay"))
    which.replay = fingerprint_of(line, "replay");
  if (line.has("print-cluster") || line.has("print-job")) {
    std::cout << (line.has("print-job") ? to_json(which.what) : which.on.to_json()) << '\n';
    return exit_code::completed;
  }
  if (line.has("compare"))
    return compare(line, which);
  check_trainable(which.what);
  return simulate_and_report(which);
}

} // namespace drover::cli
