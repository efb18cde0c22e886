#include "drover/models/recommend.hpp"

#include "drover/actors/cli/command.hpp"
#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/cli/flags.hpp"
#include "drover/actors/cli/format.hpp"
#include "drover/actors/cli/loaded_model.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/models/data/load_ratings.hpp"
#include "drover/models/registry.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

constexpr std::uint64_t items_shown = 10;

options::options_description flags() {
  options::options_description known{help_columns, help_columns / 2};
  auto text = [] { return options::value<std::string>(); };
  known.add_options()("load", text()->value_name("TEXT"), "safetensors file written by train, of a model mf");
  known.add_options()("user", text()->value_name("TEXT"), "who: as the ratings name them");
  known.add_options()("top", text()->value_name("N"), "so many items, or all where there are fewer; 10");
  known.add_options()(
      "data", text()->value_name("TEXT"),
      "leave out what the user rates here; the ratings that the model was trained on if they are there");
  known.add_options()("help,h", "this text");
  return known;
}

void print_help(const options::options_description& known) {
  std::cout << "usage: drover recommend --load FILE --user USER [flags]\n\n"
               "Items that a user would rate highest, best first, with the rating that the model predicts.\n"
            << known
            << "\nexamples:\n"
               "  drover recommend --load taste.safetensors --user 42 --top 10\n";
}

/// Items that this user has rated, where the data are.
std::vector<std::uint32_t> rated_by(std::uint32_t user, const saved_model& saved, const command_line& line) {
  auto origin = saved.origin().read();
  auto source = data_source_of(origin, standard_models().traits(origin.getModel().cStr()));
  if (line.has("data"))
    source.data = text_of(line, "data");
  else if (std::error_code unknown; !std::filesystem::exists(source.data, unknown))
    return {}; // nor where it cannot be looked at: nobody asked for it
  // All of them, whatever was held out.
  source.test_data = source.data;
  source.holdout = 0;
  auto all = load_ratings(source, saved.names());
  std::vector<std::uint32_t> result;
  for (const auto& one : all.train->ratings())
    if (one.user == user && one.item != rating_unknown)
      result.push_back(one.item);
  return result;
}

} // namespace

int run_recommend(std::span<const std::string> arguments) {
  auto known = flags();
  auto line = parse(arguments, known, 0);
  if (line.has("help")) {
    print_help(known);
    return exit_code::completed;
  }
  auto saved = load_model(line, "recommend with");
  const auto* names = saved.names();
  if (names == nullptr)
    throw std::invalid_argument(text_of(line, "load") + " is a model " + saved.origin().read().getModel().cStr() +
                                ", which knows no users and items: recommend needs one of mf");
  if (!line.has("user"))
    throw std::invalid_argument("for whom is not said: say --user USER, as the ratings name them");
  auto name = text_of(line, "user");
  auto found = std::ranges::find(names->users, name);
  if (found == names->users.end())
    throw std::invalid_argument("there is no user " + name + " in the ratings that the model was trained on");
  auto user = static_cast<std::uint32_t>(found - names->users.begin());
  auto count = whole_number(line, "top", {.least = 1}, items_shown);
  data_shape shape;
  shape.users = names->users.size();
  shape.items = names->items.size();
  auto device = gpu::make_cpu_device();
  auto learned = make_model(saved.origin(), standard_models(), shape, *device);
  auto parameters = saved.parameters(std::make_shared<parameter_layout>(learned->tensors()));
  for (const auto& [item, rating] : recommend(parameters.view(), user, count, rated_by(user, saved, line)))
    std::cout << fixed(static_cast<double>(rating), 3) << "  " << names->items.at(item) << '\n';
  return exit_code::completed;
}

} // namespace drover::cli
