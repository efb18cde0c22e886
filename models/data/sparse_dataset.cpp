#include "drover/models/data/sparse_dataset.hpp"

#include "drover/models/data/dataset_checks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

void check_parts(const sparse_rows_view& rows) {
  auto features = rows.ends.empty() ? 0 : rows.ends.back();
  if (!std::ranges::is_sorted(rows.ends) || rows.columns.size() != features || rows.values.size() != features ||
      rows.labels.size() != rows.size())
    throw std::invalid_argument(
        "the parts of sparse rows do not fit together: a label and an end a row, a column and a "
        "value a feature are needed");
  if (rows.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("a data set has " + std::to_string(rows.size()) +
                                " samples: at most 4294967295 are allowed");
}

void check_classes(const data_shape& shape, std::size_t rows, std::span<const std::uint32_t> classes) {
  if (classes.size() != (shape.classes == 0 ? 0 : rows))
    throw std::invalid_argument("a data set has " + std::to_string(rows) + " rows and classes of " +
                                std::to_string(classes.size()) + ", " + std::to_string(shape.classes) +
                                " different ones");
  check_labels(classes, shape.classes);
}

/// Without a branch a number, so that the compiler takes several at once.
bool all_finite(std::span<const float> numbers) {
  bool result = true;
  for (auto number : numbers)
    result &= std::isfinite(number);
  return result;
}

bool ascend(std::span<const std::uint32_t> columns) {
  bool result = true;
  for (std::size_t k = 1; k < columns.size(); ++k)
    result &= columns[k - 1] < columns[k];
  return result;
}

void check_features(const sparse_rows_view& rows, std::size_t features) {
  if (!all_finite(rows.labels))
    throw std::invalid_argument("a label of a row is not a finite number");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = rows[i];
    if (!ascend(row.columns))
      throw std::invalid_argument("row " + std::to_string(i) + " has columns that do not ascend");
    if (!row.columns.empty() && row.columns.back() >= features)
      throw std::invalid_argument("row " + std::to_string(i) + " has column " + std::to_string(row.columns.back()) +
                                  ": the data have " + std::to_string(features) + " features");
    if (!all_finite(row.values))
      throw std::invalid_argument("row " + std::to_string(i) + " has a value that is not a finite number");
  }
}

} // namespace

sparse_dataset::sparse_dataset(data_shape shape, sparse_rows rows, std::vector<std::uint32_t> classes) : shape_(shape) {
  check_parts(rows.view());
  check_classes(shape, rows.size(), classes);
  take_out_behind(shape.features, rows);
  struct owned {
    sparse_rows rows;
    std::vector<std::uint32_t> classes;
  };
  auto owner = std::make_shared<const owned>(owned{std::move(rows), std::move(classes)});
  rows_ = owner->rows.view();
  classes_ = owner->classes;
  owner_ = std::move(owner);
}

sparse_dataset::sparse_dataset(data_shape shape, const sparse_rows_view& rows, std::span<const std::uint32_t> classes,
                               std::shared_ptr<const void> owner)
    : shape_(shape), rows_(rows), classes_(classes), owner_(std::move(owner)) {
  check_parts(rows_);
  check_classes(shape_, rows_.size(), classes_);
  check_features(rows_, shape_.features);
}

void sparse_dataset::read(std::span<const std::uint32_t> samples, std::span<float> features,
                          std::span<std::uint32_t> labels) const {
  if (shape_.classes == 0)
    throw std::logic_error("these data have numbers as labels, which can be had as rows only");
  check_read(*this, samples, features.size(), labels.size());
  std::ranges::fill(features, 0.0f);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto row = rows_[samples[i]];
    auto all = features.subspan(i * shape_.features, shape_.features);
    for (std::size_t k = 0; k < row.columns.size(); ++k)
      all[row.columns[k]] = row.values[k];
    labels[i] = classes_[samples[i]];
  }
}

void take_out_behind(std::size_t features, sparse_rows& rows) {
  auto is_behind = [features](std::uint32_t column) { return column >= features; };
  if (std::ranges::none_of(rows.columns, is_behind))
    return;
  std::uint64_t kept = 0;
  std::uint64_t begin = 0;
  for (auto& end : rows.ends) {
    for (auto k = begin; k < end; ++k)
      if (!is_behind(rows.columns[k])) {
        rows.columns[kept] = rows.columns[k];
        rows.values[kept++] = rows.values[k];
      }
    begin = std::exchange(end, kept);
  }
  rows.columns.resize(kept);
  rows.values.resize(kept);
}

void add_row(sparse_rows& rows, std::span<const float> values, float label) {
  for (std::size_t column = 0; column < values.size(); ++column)
    if (values[column] != 0) {
      rows.columns.push_back(static_cast<std::uint32_t>(column));
      rows.values.push_back(values[column]);
    }
  rows.labels.push_back(label);
  rows.ends.push_back(rows.columns.size());
}

std::shared_ptr<const dataset> make_sparse(const dataset& all, bool has_classes) {
  auto shape = data_shape{.features = all.shape().features, .classes = has_classes ? all.shape().classes : 0};
  sparse_rows rows;
  std::vector<std::uint32_t> classes(has_classes ? all.size() : 0);
  std::vector<float> values(shape.features);
  std::uint32_t label = 0;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    all.read({&i, 1}, values, {&label, 1});
    add_row(rows, values, static_cast<float>(label));
    if (has_classes)
      classes[i] = label;
  }
  return std::make_shared<sparse_dataset>(shape, std::move(rows), std::move(classes));
}

} // namespace drover
