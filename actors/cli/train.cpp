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
#include "drover/actors/node/strangers.hpp"
#include "drover/actors/worker_device.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

options::options_description flags() {
  auto result = job_flags([](const job_field&) { return true; }, true);
  auto places = node_flags();
  places.add_options()("local-processes", options::value<std::string>()->value_name("N"),
                       "train in so many processes of this host, which are started and ended with the job");
  places.add_options()("listen", options::value<std::string>()->value_name("ADDRESS:PORT"),
                       "let nodes join the job while it runs, and drover top watch it; port 0: any that is free");
  places.add_options()("resume", options::value<std::string>()->value_name("JOB"),
                       "go on with a job whose trainer died, with what its shards on --nodes kept; of the job's flags "
                       "only --save and --metrics count then");
  places.add_options()("send-data", "nodes get the data from here and do not read them");
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
               "  drover train job.json --listen 127.0.0.1:4600\n"
               "  drover train job.json --nodes a:4500,b:4500 --credentials secrets\n"
               "  drover train --resume 1234567890 --nodes a:4500,b:4500 --credentials secrets\n";
}

using trainer = std::function<train_result(train_options)>;

int train_and_report(const trainer& run) {
  interrupt signals;
  progress_view view{std::cout, terminal_columns()};
  train_options how;
  how.on_progress = [&view](messages::Progress::Reader progress) { view.show(progress); };
  how.stop = signals.token();
  auto result = run(std::move(how));
  view.finish();

  print_summary(std::cout, *result.summary.read());
  if (result.lines_skipped > 0)
    std::cout << "skipped    " << result.lines_skipped
              << (result.lines_skipped == 1 ? " line: " : " lines, the first: ") << result.first_skipped << std::endl;
  return report_end(std::cout, std::cerr, result);
}

void check_send_data(const command_line& line, const node_access& where) {
  if (!line.has("send-data"))
    return;
  if (line.has("local-processes"))
    throw std::invalid_argument("--send-data is for jobs on nodes, and --local-processes read this host's own data: "
                                "leave out one of them");
  if (where.nodes.empty())
    throw std::invalid_argument("--send-data is for jobs on nodes, and none are named: say --nodes HOST:PORT");
}

int train_and_report(const job& what, const node_access& where) {
  return train_and_report([&](train_options how) {
    // Without a network where nobody needs one.
    return where.nodes.empty() && !where.listen ? train(what, std::move(how))
                                                : train_on_nodes(what, where, std::move(how));
  });
}

// What another trainer has to be told as well to take a job over.
constexpr std::array<std::string_view, 6> kept_flags{"credentials", "plain-text", "listen",
                                                     "save",        "metrics",    "send-data"};

// A word that any shell reads as it is.
std::string for_shell(const std::string& value) {
  auto is_plain = [](unsigned char one) {
    return std::isalnum(one) != 0 ||
           std::string_view{"_./:,=@%+-"}.find(static_cast<char>(one)) != std::string_view::npos;
  };
  if (!value.empty() && std::ranges::all_of(value, is_plain))
    return value;
  std::string result = "'";
  for (auto one : value)
    result += one == '\'' ? "'\\''" : std::string{one};
  return result + "'";
}

std::string resume_command(const std::string& id, const std::vector<node_address>& nodes, const std::string& flags) {
  std::string list;
  for (const auto& one : nodes)
    list += (list.empty() ? "" : ",") + to_string(one);
  return "should this trainer die: drover train --resume " + id + " --nodes " + list + flags + '\n';
}

// Where a job's nodes are, and what they tell about it.
node_access places_of(const command_line& line) {
  auto result = nodes_of(line);
  std::string others;
  for (const auto& flag : line.flags)
    if (std::ranges::find(kept_flags, flag.name) != kept_flags.end())
      others += " --" + flag.name + (flag.value == "true" ? "" : " " + for_shell(flag.value));
  result.on_job = [others, nodes = result.nodes](const std::string& id) {
    std::cout << "job        " + id + "; " + resume_command(id, nodes, others) << std::flush;
  };
  // Standard output is another thread's.
  result.on_shard_moved = [others](const std::string& id, const std::vector<node_address>& nodes) {
    std::cerr << "a shard has moved; " + resume_command(id, nodes, others) << std::flush;
  };
  check_send_data(line, result);
  result.send_data = line.has("send-data");
  if (!line.has("listen"))
    return result;
  result.listen = node_address::parse(text_of(line, "listen"));
  check_plain_text(line, *result.listen);
  report_strangers([](const std::string& sentence) { std::cerr << sentence + '\n' << std::flush; });
  std::string who = result.nodes.empty() ? "drover top may watch at " : "nodes may join at ";
  result.on_listen = [who](const node_address& found) { std::cout << who << to_string(found) << std::endl; };
  return result;
}

// On processes of this host, which are gone when the job is.
int train_locally(const job& what, const node_access& where, std::uint32_t processes, const std::string& credentials) {
  demand_devices(what.read()); // before processes are started for nothing
  local_processes here{processes, credentials};
  auto access = here.access();
  access.own = where.own;
  access.listen = where.listen;
  access.on_listen = where.on_listen;
  return train_and_report(what, access);
}

int resume(const command_line& line) {
  if (!line.files.empty())
    throw std::invalid_argument("--resume goes on with the job that nodes keep: leave out " + line.files.front());
  for (const auto& field : job_fields())
    if (line.has(field.flag) && field.flag != "save" && field.flag != "metrics")
      throw std::invalid_argument("--resume goes on with the job as it was: leave out --" + field.flag);
  for (const char* name : {"print-job", "local-processes"})
    if (line.has(name))
      throw std::invalid_argument(std::string{"--resume goes on with a job on --nodes: leave out --"} + name);
  auto where = places_of(line);
  if (where.nodes.empty())
    throw std::invalid_argument("--resume needs to know on which nodes the job is: say --nodes HOST:PORT");
  job outputs;
  apply(line, outputs);
  return train_and_report(
      [&](train_options how) { return resume_on_nodes(text_of(line, "resume"), outputs, where, std::move(how)); });
}

} // namespace

int run_train(std::span<const std::string> arguments) {
  auto known = flags();
  auto line = parse(arguments, known, 1);
  if (line.has("help")) {
    print_help(known);
    return exit_code::completed;
  }
  if (line.has("resume"))
    return resume(line);
  auto what = job_of(line);
  if (line.has("print-job")) {
    std::cout << to_json(what) << '\n';
    return exit_code::completed;
  }
  check_trainable(what);
  auto where = places_of(line);
  constexpr std::uint64_t processes_max = 256;
  auto processes = whole_number(line, "local-processes", {.least = 1, .most = processes_max}, 0);
  if (processes == 0)
    return train_and_report(what, where);
  if (!where.nodes.empty())
    throw std::invalid_argument("--local-processes and --nodes both say where to train: leave out one of them");
  return train_locally(what, where, static_cast<std::uint32_t>(processes), text_of(line, "credentials"));
}

} // namespace drover::cli
