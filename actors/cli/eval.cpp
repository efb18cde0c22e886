#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/loaded_model.hpp"
#include "drover/actors/evaluate.hpp"

#include <iostream>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

void print_help(const options::options_description& known) {
  std::cout << "usage: drover eval --load FILE [flags]\n\n"
               "Loss and accuracy of a saved model on test samples, or its RMSE where it predicts numbers. What is\n"
               "not given is as in the job that trained the model.\n"
            << known
            << "\nexamples:\n"
               "  drover eval --load model.safetensors\n"
               "  drover eval --load model.safetensors --data other/folder\n";
}

} // namespace

int run_eval(std::span<const std::string> arguments) {
  auto known = loaded_model_flags();
  auto line = parse(arguments, known, 0);
  if (line.has("help")) {
    print_help(known);
    return exit_code::completed;
  }
  auto loaded = load_for_test(line, "evaluate");
  auto result = evaluate(*loaded.learned, *loaded.samples, loaded.kind, loaded.parameters.view());
  std::cout << left("test", 11) << quality(result.mean_loss(), result.accuracy()) << ", " << result.samples
            << " samples\n";
  return exit_code::completed;
}

} // namespace drover::cli
