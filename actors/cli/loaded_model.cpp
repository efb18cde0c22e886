#include "drover/actors/cli/loaded_model.hpp"

#include "drover/actors/cli/flag_values.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/models/data/text_format.hpp"
#include "drover/models/registry.hpp"

#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <system_error>

namespace drover::cli {

namespace {

namespace options = boost::program_options;

bool is_about_test_data(const job_field& field) {
  return field.flag == "data" || field.flag == "test-data" || field.flag == "holdout" || field.flag == "label-column" ||
         field.flag == "on-bad-line" || field.flag == "rating-range" || field.flag == "data-cache";
}

/// The job that trained the model, with the data to test on as the flags say.
job with_flags(const job& origin, const command_line& line) {
  job result{origin};
  // A test file belongs to the data that it was named with.
  if (line.has("data") || line.has("holdout"))
    result->setTestData("");
  if (line.has("data") || line.has("test-data"))
    result->setHoldout(0);
  apply(line, result);
  // A table that is named alone is tested on as a whole.
  std::filesystem::path data{result.read().getData().cStr()};
  std::error_code unknown; // reading it says what is wrong then
  if (line.has("data") && !line.has("test-data") && !line.has("holdout") &&
      std::filesystem::is_regular_file(data, unknown))
    result->setTestData(data.string());
  result = resolve(result);
  if (result.read().getData().size() == 0)
    throw std::invalid_argument("the model does not say what data it was trained on: say --data FOLDER");
  return result;
}

model_snapshot parameters_for(const saved_model& saved, const model& learned, messages::Job::Reader what,
                              const data_shape& shape) {
  auto layout = std::make_shared<parameter_layout>(learned.tensors(), what.getBlockBytes());
  try {
    return saved.parameters(std::move(layout));
  } catch (const std::runtime_error& problem) {
    auto counts = shape.users != 0 || shape.items != 0
                      ? std::to_string(shape.users) + " users and " + std::to_string(shape.items) + " items"
                      : std::to_string(shape.features) + " features and " + std::to_string(shape.classes) + " classes";
    throw std::runtime_error(std::string{problem.what()} + "; " + what.getData().cStr() + " has " + counts);
  }
}

// Where names of features are hashed, each format hashes others, so that a model would find none of its own.
void check_format(const job& origin, const job& what, const model_registry& models) {
  auto before = std::filesystem::path{origin.read().getData().cStr()};
  auto now = std::filesystem::path{what.read().getData().cStr()};
  auto learned = format_of(before);
  auto hashed = what.read().getHashBits() != 0 || learned == text_format::vw || format_of(now) == text_format::vw;
  if (models.traits(what.read().getModel().cStr()).reads == sample_kind::rows && hashed && learned != format_of(now))
    throw std::invalid_argument("the model was trained on " + before.string() + ", and " + now.string() +
                                " has other hashes of its features: " + one_format);
}

} // namespace

options::options_description loaded_model_flags() {
  options::options_description model{"Model", help_columns, help_columns / 2};
  model.add_options()("load", options::value<std::string>()->value_name("TEXT"), "safetensors file written by train");
  options::options_description others{"Other", help_columns, help_columns / 2};
  others.add_options()("help,h", "this text");
  // The defaults of the data are the saved job's, not the schema's.
  options::options_description result{help_columns, help_columns / 2};
  result.add(model).add(job_flags(is_about_test_data, false)).add(others);
  return result;
}

saved_model load_model(const command_line& line, const std::string& verb) {
  if (!line.has("load"))
    throw std::invalid_argument("there is no model to " + verb + ": say --load FILE");
  return saved_model{text_of(line, "load")};
}

loaded_model load_for_test(const command_line& line, const std::string& verb) {
  auto saved = load_model(line, verb);
  auto what = with_flags(saved.origin(), line);
  if (saved.columns() != nullptr && line.has("label-column"))
    throw std::invalid_argument("the model says which column has the label, as in the table that it was trained on: "
                                "leave out --label-column");
  auto models = standard_models();
  check_format(saved.origin(), what, models);
  auto data = load_data(what, models, saved.columns(), saved.names());
  for (const auto& note : data.notes)
    std::cerr << "drover: " << note << std::endl;
  if (data.lines_skipped > 0)
    std::cerr << "drover: skipped " << data.lines_skipped
              << (data.lines_skipped == 1 ? " line: " : " lines, the first: ") << data.first_skipped << std::endl;
  auto device = gpu::make_cpu_device();
  auto shape = data.test->shape();
  auto learned = make_model(what, models, shape, *device);
  auto parameters = parameters_for(saved, *learned, what.read(), shape);
  return {.saved = std::move(saved),
          .samples = std::move(data.test),
          .kind = models.traits(what.read().getModel().cStr()).reads,
          .device = std::move(device),
          .learned = std::move(learned),
          .parameters = std::move(parameters)};
}

} // namespace drover::cli
