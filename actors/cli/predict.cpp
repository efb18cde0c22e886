#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/loaded_model.hpp"
#include "drover/actors/evaluate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iostream>
#include <vector>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

void print_help(const options::options_description& known) {
  std::cout << "usage: drover predict --load FILE [flags]\n\n"
               "What a saved model says of each test sample, one a line, in the order of the data: the class, or the\n"
               "number that the model predicts. What is not given is as in the job that trained the model.\n"
            << known
            << "\nexamples:\n"
               "  drover predict --load model.safetensors --data new.csv\n"
               "  drover predict --load taste.safetensors --data ratings.csv\n";
}

/// As many digits as tell one float from another.
std::string number_text(float value) {
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

std::string class_text(std::span<const float> scores, const table_columns* columns) {
  auto best = static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  return columns == nullptr || columns->class_names.empty() ? std::to_string(best) : columns->class_names.at(best);
}

} // namespace

int run_predict(std::span<const std::string> arguments) {
  auto known = loaded_model_flags();
  auto line = parse(arguments, known, 0);
  if (line.has("help")) {
    print_help(known);
    return exit_code::completed;
  }
  auto loaded = load_for_test(line, "predict with");
  auto outputs = loaded.learned->outputs();
  std::vector<float> scores;
  for_each_batch(*loaded.samples, loaded.kind, [&](const batch& some) {
    scores.resize(some.size() * outputs);
    loaded.learned->predict(some, loaded.parameters.view(), scores);
    for (std::size_t i = 0; i < some.size(); ++i) {
      auto its = std::span<const float>{scores}.subspan(i * outputs, outputs);
      std::cout << (outputs == 1 ? number_text(its[0]) : class_text(its, loaded.saved.columns())) << '\n';
    }
  });
  return exit_code::completed;
}

} // namespace drover::cli
