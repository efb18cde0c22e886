#include "drover/models/data/svm_table.hpp"

#include "drover/models/data/sparse_dataset.hpp"
#include "drover/models/data/svm_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

std::string text_of(float label) {
  std::array<char, 32> digits{};
  label = label == 0 ? 0 : label; // without its sign
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), label).ptr;
  return {digits.data(), end};
}

/// Labels that are different, each once.
std::vector<float> different(std::vector<float> labels) {
  std::ranges::sort(labels);
  labels.erase(std::ranges::unique(labels).begin(), labels.end());
  return labels;
}

} // namespace

bool is_svm_file(const std::filesystem::path& path) {
  auto name = path.filename();
  if (name.extension() == ".gz")
    name = name.stem();
  return name.extension() == ".svm" || name.extension() == ".libsvm" || name.extension() == ".svmlight";
}

svm_table decode_svm(std::string_view text, std::string_view name, const table_columns* like) {
  auto refuse = [name](const std::string& what) { throw std::runtime_error(std::string{name} + ": " + what); };
  svm_table result;
  svm_text{std::string{name}}.read(text, result.rows);
  if (result.rows.size() == 0)
    refuse("there are no rows");
  if (like != nullptr) {
    static_cast<table_columns&>(result) = *like;
  } else {
    if (result.rows.columns.empty())
      refuse("no row has a feature");
    std::size_t features = *std::ranges::max_element(result.rows.columns) + std::size_t{1};
    if (features > svm_features_max)
      refuse("there is an ID " + std::to_string(features - 1) + ": models compute with every feature, and IDs up to " +
             std::to_string(svm_features_max - 1) + " are allowed");
    result.columns = features + 1;
  }
  auto labels = different(result.rows.labels);
  if (labels.size() > svm_classes_max)
    refuse("there are " + std::to_string(labels.size()) + " different labels: they have to be classes, at most " +
           std::to_string(svm_classes_max));
  if (like == nullptr) {
    std::ranges::transform(labels, std::back_inserter(result.class_names), text_of);
    std::ranges::sort(result.class_names);
    result.classes = result.class_names.size();
  }
  std::vector<std::uint32_t> classes;
  for (auto label : labels) {
    auto found = std::ranges::lower_bound(result.class_names, text_of(label));
    if (found == result.class_names.end() || *found != text_of(label))
      refuse("class " + text_of(label) + " does not occur in the training data");
    classes.push_back(static_cast<std::uint32_t>(found - result.class_names.begin()));
  }
  for (auto label : result.rows.labels)
    result.labels.push_back(
        classes[static_cast<std::size_t>(std::ranges::lower_bound(labels, label) - labels.begin())]);
  return result;
}

std::shared_ptr<const dataset> make_dataset(svm_table&& table) {
  data_shape shape;
  shape.features = table.columns - 1;
  shape.classes = table.classes;
  return std::make_shared<sparse_dataset>(shape, std::move(table.rows), std::move(table.labels));
}

} // namespace drover
