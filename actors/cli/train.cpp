#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/cli/training_job.hpp"
#include "drover/actors/cluster.hpp"

#include <iostream>

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

int train_and_report(const job& what) {
  interrupt signals;
  progress_view view{std::cout, terminal_columns()};
  train_options how;
  how.on_progress = [&view](messages::Progress::Reader progress) { view.show(progress); };
  how.stop = signals.token();
  auto result = train(what, std::move(how));
  view.finish();

  print_summary(std::cout, *result.summary.read());
  return report_end(std::cout, std::cerr, result);
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
  check_trainable(what);
  return train_and_report(what);
}

} // namespace drover::cli
