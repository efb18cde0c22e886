#include "drover/models/data/svm_table.hpp"

#include "drover/models/data/csv.hpp"
#include "drover/models/data/sparse_dataset.hpp"
#include "drover/models/data/svm_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

// Whole numbers from here on are not all floats: different ones would be the same.
constexpr float whole_max = 16'777'216;

bool is_whole(float label) {
  return label == std::trunc(label);
}

std::string text_of(float label) {
  if (is_whole(label))
    return std::to_string(static_cast<long>(label));
  std::array<char, 32> digits{};
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), label).ptr;
  return {digits.data(), end};
}

/// Labels that are different, each once.
std::vector<float> different(std::vector<float> labels) {
  std::ranges::sort(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

class decoder {
public:
  decoder(std::string_view name, const table_columns* like) : name_(name), like_(like) {}

  svm_table decode(std::string_view text) {
    auto id_max = like_ != nullptr ? svm_text::largest_id : static_cast<std::uint32_t>(svm_features_max - 1);
    svm_text{name_, id_max}.read(text, table_.rows);
    if (table_.rows.size() == 0)
      refuse("there are no rows");
    auto labels = different(table_.rows.labels);
    check(labels);
    if (like_ != nullptr)
      static_cast<table_columns&>(table_) = *like_;
    else
      find_columns(labels);
    number_classes(labels);
    return std::move(table_);
  }

private:
  void check(const std::vector<float>& labels) const {
    for (auto label : labels)
      if (std::abs(label) >= whole_max)
        refuse("a label is " + text_of(label) + ": those of classes are between -16777216 and 16777216");
    if (labels.size() > svm_classes_max)
      refuse("there are " + std::to_string(labels.size()) + " different labels: they have to be classes, at most " +
             std::to_string(svm_classes_max));
  }

  void find_columns(const std::vector<float>& labels) {
    if (table_.rows.columns.empty())
      refuse("no row has a feature");
    table_.columns = *std::ranges::max_element(table_.rows.columns) + std::size_t{2};
    if (labels.front() >= 0 && labels.back() <= csv_label_max && std::ranges::all_of(labels, is_whole)) {
      table_.classes = static_cast<std::size_t>(labels.back()) + 1;
      return;
    }
    std::ranges::transform(labels, std::back_inserter(table_.class_names), text_of);
    std::ranges::sort(table_.class_names);
    table_.classes = table_.class_names.size();
  }

  void number_classes(const std::vector<float>& labels) {
    std::vector<std::uint32_t> classes;
    std::ranges::transform(labels, std::back_inserter(classes), [this](float label) { return class_of(label); });
    for (auto label : table_.rows.labels)
      table_.labels.push_back(
          classes[static_cast<std::size_t>(std::ranges::lower_bound(labels, label) - labels.begin())]);
  }

  [[nodiscard]] std::uint32_t class_of(float label) const {
    if (table_.class_names.empty() && is_whole(label) && label >= 0 && label < static_cast<float>(table_.classes))
      return static_cast<std::uint32_t>(label);
    auto found = std::ranges::find(table_.class_names, text_of(label));
    if (found == table_.class_names.end())
      refuse("class " + text_of(label) + " does not occur in the training data");
    return static_cast<std::uint32_t>(found - table_.class_names.begin());
  }

  [[noreturn]] void refuse(const std::string& what) const { throw std::runtime_error(name_ + ": " + what); }

  std::string name_;
  const table_columns* like_;
  svm_table table_;
};

} // namespace

bool is_svm_file(const std::filesystem::path& path) {
  auto name = path.filename();
  if (name.extension() == ".gz")
    name = name.stem();
  return name.extension() == ".svm" || name.extension() == ".libsvm" || name.extension() == ".svmlight";
}

svm_table decode_svm(std::string_view text, std::string_view name, const table_columns* like) {
  return decoder{name, like}.decode(text);
}

std::shared_ptr<const dataset> make_dataset(svm_table&& table) {
  data_shape shape;
  shape.features = table.columns - 1;
  shape.classes = table.classes;
  return std::make_shared<sparse_dataset>(shape, std::move(table.rows), std::move(table.labels));
}

} // namespace drover
