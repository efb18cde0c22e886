#include "drover/models/data/sparse_dataset.hpp"

#include "drover/models/data/dataset_checks.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

sparse_dataset::sparse_dataset(data_shape shape, sparse_rows rows, std::vector<std::uint32_t> classes)
    : shape_(shape), rows_(std::move(rows)), classes_(std::move(classes)) {
  auto features = rows_.ends.empty() ? 0 : rows_.ends.back();
  if (!std::ranges::is_sorted(rows_.ends) || rows_.columns.size() != features || rows_.values.size() != features ||
      rows_.labels.size() != rows_.size())
    throw std::invalid_argument(
        "the parts of sparse rows do not fit together: a label and an end a row, a column and a "
        "value a feature are needed");
  if (rows_.size() != classes_.size())
    throw std::invalid_argument("a data set has " + std::to_string(rows_.size()) + " rows and classes of " +
                                std::to_string(classes_.size()));
  check_labels(classes_, shape_.classes);
}

void sparse_dataset::read(std::span<const std::uint32_t> samples, std::span<float> features,
                          std::span<std::uint32_t> labels) const {
  check_read(*this, samples, features.size(), labels.size());
  std::ranges::fill(features, 0.0f);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto row = rows_[samples[i]];
    auto all = features.subspan(i * shape_.features, shape_.features);
    for (std::size_t k = 0; k < row.columns.size() && row.columns[k] < all.size(); ++k)
      all[row.columns[k]] = row.values[k];
    labels[i] = classes_[samples[i]];
  }
}

} // namespace drover
