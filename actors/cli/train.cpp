#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/interrupt.hpp"
#include "drover/actors/cli/local_processes.hpp"
#include "drover/actors/cli/node_flags.hpp"
#include "drover/actors/cli/progress.hpp"
#include "drover/actors/cli/summary.hpp"
#include "drover/actors/cli/training_job.hpp"
#include "drover/actors/cluster.hpp"

#include <iostream>
#include <stdexcept>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

options::options_description flags() {
  auto result = job_flags([](const job_field&) { return true; }, true);
  auto places = node_flags();
  places.add_options()("local-processes", options::value<std::string>()->value_name("N"),
                       "train in so many processes of this host, which are started and ended with the job");
  places.add_options()("listen", options::value<std::string>()->value_name("ADDRESS:PORT"),
                       "let nodes join while the job runs; port 0: any that is free");
  result.add(places);
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
               "  drover train job.json --seed 2 --print-job\n"
               "  drover train job.json --local-processes 4\n"
               "  drover train job.json --nodes a:4500,b:4500 --credentials secrets\n";
}

train_result run(const job& what, const node_access& where, train_options how) {
  return where.nodes.empty() ? train(what, std::move(how)) : train_on_nodes(what, where, std::move(how));
}

int train_and_report(const job& what, const node_access& where) {
  interrupt signals;
  progress_view view{std::cout, terminal_columns()};
  train_options how;
  how.on_progress = [&view](messages::Progress::Reader progress) { view.show(progress); };
  how.stop = signals.token();
  auto result = run(what, where, std::move(how));
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
  auto where = nodes_of(line);
  if (line.has("listen")) {
    if (where.nodes.empty())
      throw std::invalid_argument("--listen is for jobs on nodes, and none are named: say --nodes HOST:PORT");
    where.listen = node_address::parse(text_of(line, "listen"));
    check_plain_text(line, *where.listen);
    where.on_listen = [](const node_address& found) {
      std::cout << "nodes may join at " << to_string(found) << std::endl;
    };
  }
  auto processes = whole_number(line, "local-processes", 1, 0);
  if (processes == 0)
    return train_and_report(what, where);
  if (!where.nodes.empty())
    throw std::invalid_argument("--local-processes and --nodes both say where to train: leave out one of them");
  constexpr std::uint64_t processes_max = 256;
  if (processes > processes_max)
    throw std::invalid_argument("--local-processes is " + std::to_string(processes) + ": allowed are 1 to " +
                                std::to_string(processes_max));
  local_processes here{static_cast<std::uint32_t>(processes)};
  return train_and_report(what, here.access());
}

} // namespace drover::cli
