#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/cluster.hpp"

#include <iostream>
#include <stdexcept>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

options::options_description flags() {
  auto result = job_flags([](const job_field&) { return true; }, true);
  options::options_description others{"Other", help_columns, help_columns / 2};
  others.add_options()("print-job", "print the job with every default filled in as JSON, and do not train");
  others.add_options()("help,h", "this text");
  return result.add(others);
}

void print_help(const options::options_description& known) {
  std::cout << "usage: drover train [job.json] [flags]\n\n"
               "Trains a model with asynchronous workers. Flags override the job file; what neither says has the\n"
               "default in brackets.\n"
            << known
            << "\nexamples:\n"
               "  drover train --data fashion-mnist --workers 4 --save model.safetensors\n"
               "  drover train --data iris.csv --holdout 0.2 --model softmax --consistency bsp\n"
               "  drover train job.json --seed 2 --print-job\n";
}

job job_of(const command_line& line) {
  auto result = line.files.empty() ? job{} : job_from_file(line.files.front());
  apply(line, result);
  return resolve(result, line.files.empty() ? "" : line.files.front());
}

int train_and_report(const job& what) {
  interrupt signals;
  progress_view view{std::cout, terminal_columns()};
  train_options how;
  how.on_progress = [&view](messages::Progress::Reader progress) { view.show(progress); };
  how.stop = signals.token();
  auto result = train(what, std::move(how));
  view.finish();

  auto summary = result.summary.read();
  print_summary(std::cout, *summary);
  if (!result.saved.empty())
    std::cout << "saved      " << result.saved << std::endl;
  for (const auto& problem : result.problems)
    std::cerr << "drover: " << problem << std::endl;
  auto sentence = complaint(*summary, result.saved);
  if (!sentence)
    return result.problems.empty() ? exit_code::completed : exit_code::failed;
  std::cerr << "drover: " << *sentence << std::endl;
  auto stopped = summary->getOutcome() == messages::Summary::Outcome::STOPPED;
  return stopped ? exit_code::interrupted : exit_code::failed;
}

} // namespace

int run_train(std::span<const std::string> arguments) {
  auto known = flags();
  auto line = parse(arguments, known, 1);
  if (line.has("help")) {
    print_help(known);
    return exit_code::completed;
  }
  auto what = job_of(line);
  if (line.has("print-job")) {
    std::cout << to_json(what) << '\n';
    return exit_code::completed;
  }
  if (what.read().getData().size() == 0)
    throw std::invalid_argument("there is no data to train on: say --data FOLDER, or \"data\" in the job file");
  return train_and_report(what);
}

} // namespace drover::cli
