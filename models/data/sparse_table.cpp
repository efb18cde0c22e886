#include "drover/models/data/sparse_table.hpp"

#include "drover/models/data/class_labels.hpp"
#include "drover/models/data/csv_labels.hpp"
#include "drover/models/data/sparse_dataset.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

bool is_whole(float label) {
  return label == std::trunc(label);
}

/// Labels that are different, each once.
std::vector<float> different(std::vector<float> labels) {
  std::ranges::sort(labels);
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

class numbering {
public:
  numbering(sparse_rows&& rows, std::string_view name, const sparse_options& options) : name_(name), options_(options) {
    table_.rows = std::move(rows);
  }

  sparse_table make() {
    if (table_.rows.size() == 0)
      refuse("there are no rows");
    if (options_.like != nullptr)
      static_cast<table_columns&>(table_) = *options_.like;
    else
      find_columns();
    table_.features = table_.columns - 1;
    if (options_.has_classes)
      find_classes();
    return std::move(table_);
  }

private:
  void find_columns() {
    if (table_.rows.columns.empty())
      refuse("no row has a feature");
    auto largest = options_.hash_bits == 0 ? *std::ranges::max_element(table_.rows.columns)
                                           : (std::uint32_t{1} << options_.hash_bits) - 1;
    table_.columns = largest + std::size_t{2};
  }

  void find_classes() {
    auto labels = different(table_.rows.labels);
    for (auto label : labels)
      if (std::abs(label) >= class_label_bound)
        refuse("a label is " + class_name(label) + ": those of classes are between -16777216 and 16777216");
    if (labels.size() > svm_classes_max)
      refuse("there are " + std::to_string(labels.size()) + " different labels: they have to be classes, at most " +
             std::to_string(svm_classes_max));
    if (options_.like == nullptr)
      name_classes(labels);
    number_classes(labels);
  }

  void name_classes(const std::vector<float>& labels) {
    // Only models of rows are for two classes: others number them as before, gaps included.
    auto named = options_.kind == sample_kind::rows && are_two_names(labels);
    if (!named && labels.front() >= 0 && labels.back() <= csv_label_max && std::ranges::all_of(labels, is_whole)) {
      table_.classes = static_cast<std::size_t>(labels.back()) + 1;
      return;
    }
    table_.class_names = class_names(labels);
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
    auto found = std::ranges::find(table_.class_names, class_name(label));
    if (found == table_.class_names.end())
      refuse("class " + class_name(label) + " does not occur in the training data");
    return static_cast<std::uint32_t>(found - table_.class_names.begin());
  }

  [[noreturn]] void refuse(const std::string& what) const { throw std::runtime_error(name_ + ": " + what); }

  std::string name_;
  sparse_options options_;
  sparse_table table_;
};

} // namespace

sparse_table make_table(sparse_rows&& rows, std::string_view name, const sparse_options& options) {
  return numbering{std::move(rows), name, options}.make();
}

std::shared_ptr<const dataset> make_dataset(sparse_table&& table) {
  auto shape = data_shape{.features = table.features, .classes = table.labels.empty() ? 0 : table.classes};
  return std::make_shared<sparse_dataset>(shape, std::move(table.rows), std::move(table.labels));
}

} // namespace drover
