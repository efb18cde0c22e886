#include "drover/actors/cli/command.hpp"
#include "drover/models/nearest.hpp"

#include <csignal>
#include <exception>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <vector>

namespace {

using namespace drover::cli;

using command = std::function<int(std::span<const std::string>)>;

constexpr auto help = R"(usage: drover train [job.json] [flags]
       drover simulate [job.json] [flags]
       drover eval --load FILE [flags]
       drover predict --load FILE [flags]
       drover recommend --load FILE --user USER [flags]
       drover node [flags]
       drover nodes --nodes HOST:PORT,…
       drover drain HOST:PORT
       drover top HOST:PORT
       drover devices

Asynchronous training with measured staleness bounds.

  train       train a model, in this process, in several, or on nodes
  simulate    train it on a cluster that does not have to exist, in virtual time
  eval        loss and accuracy of a saved model
  predict     what a saved model says of each sample
  recommend   items that a user would rate highest
  node        make this machine a place for workers and shards
  nodes       who is there, and what it does
  drain       take a node out of the jobs that run on it
  top         watch a running job
  devices     where this machine can compute
  --help      this text; after a subcommand, all of its flags
  --version   the version

examples:
  drover train --data fashion-mnist --workers 4 --save model.safetensors
  drover eval --load model.safetensors
  drover train --model svm --data rcv1.svm --holdout 0.1 --consistency hogwild --l2 1
  drover train --model mf:rank=32 --data ratings.csv --holdout 0.1 --save taste.safetensors
  drover recommend --load taste.safetensors --user 42 --top 10
  drover simulate --data fashion-mnist --workers 16 --cluster 10gbe-rack
  drover simulate --data fashion-mnist --workers 8 --cluster geo --compare bsp,asp --picture geo.svg
  drover simulate --hunt 1000 --swarm
)";

int print(const std::string& text) {
  std::cout << text;
  return exit_code::completed;
}

int run(const std::vector<std::string>& arguments) {
  const std::map<std::string, command> commands{
      {"train", run_train},       {"eval", run_eval},      {"predict", run_predict}, {"recommend", run_recommend},
      {"simulate", run_simulate}, {"node", run_node},      {"nodes", run_nodes},     {"drain", run_drain},
      {"top", run_top},           {"devices", run_devices}};
  if (arguments.empty())
    throw std::invalid_argument(
        "there is no subcommand: say drover train, drover simulate, drover eval or drover node; drover "
        "--help says more");
  const auto& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help")
    return print(help);
  if (name == "--version")
    return print("drover " DROVER_VERSION "\n");
  if (auto found = commands.find(name); found != commands.end())
    return found->second(std::span{arguments}.subspan(1));
  std::vector<std::string> known{"--help", "--version"};
  for (const auto& [command_name, ignored] : commands)
    known.push_back(command_name);
  throw std::invalid_argument("there is no subcommand " + name + ": did you mean " + drover::nearest(name, known) +
                              "?");
}

int complain(const std::exception& problem, int code) {
  std::cerr << "drover: " << problem.what() << std::endl;
  return code;
}

} // namespace

int main(int count, char** words) {
  // A file that may not grow shall be an error with a sentence, not the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    auto code = run({words + 1, words + count});
    if (!std::cout.flush())
      throw std::runtime_error("cannot write to standard output");
    return code;
  } catch (const std::invalid_argument& problem) {
    return complain(problem, exit_code::usage);
  } catch (const std::exception& problem) {
    return complain(problem, exit_code::failed);
  }
}
