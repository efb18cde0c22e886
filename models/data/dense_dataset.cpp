#include "drover/models/data/dense_dataset.hpp"

#include "drover/models/data/dataset_checks.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

void write(const std::uint8_t* from, std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i)
    to[i] = static_cast<float>(from[i]) / 255.0f;
}

void write(const float* from, std::size_t count, float* to) {
  std::copy_n(from, count, to);
}

} // namespace

dense_dataset::dense_dataset(data_shape shape, values features, std::vector<std::uint32_t> labels)
    : shape_(shape), features_(std::move(features)), labels_(std::move(labels)) {
  auto count = std::visit([](const auto& held) { return held.size(); }, features_);
  if (shape_.features == 0 || count % shape_.features != 0 || count / shape_.features != labels_.size())
    throw std::invalid_argument("a data set has " + std::to_string(labels_.size()) + " labels and " +
                                std::to_string(count) + " values, needs " + std::to_string(shape_.features) +
                                " values a label");
  check_labels(labels_, shape_.classes);
}

void dense_dataset::read_labels(std::span<const std::uint32_t> samples, std::span<std::uint32_t> labels) const {
  for (std::size_t i = 0; i < samples.size(); ++i)
    labels[i] = labels_[samples[i]];
}

void dense_dataset::read(std::span<const std::uint32_t> samples, std::span<float> features,
                         std::span<std::uint32_t> labels) const {
  check_read(*this, samples, features.size(), labels.size());
  std::visit(
      [this, samples, features](const auto& held) {
        for (std::size_t i = 0; i < samples.size(); ++i)
          write(held.data() + samples[i] * shape_.features, shape_.features, features.data() + i * shape_.features);
      },
      features_);
  read_labels(samples, labels);
}

void dense_dataset::read_bytes(std::span<const std::uint32_t> samples, std::span<std::uint8_t> features,
                               std::span<std::uint32_t> labels) const {
  if (!keeps_bytes())
    return dataset::read_bytes(samples, features, labels); // which says so
  check_read(*this, samples, features.size(), labels.size());
  const auto& held = std::get<std::vector<std::uint8_t>>(features_);
  for (std::size_t i = 0; i < samples.size(); ++i)
    std::copy_n(held.data() + samples[i] * shape_.features, shape_.features, features.data() + i * shape_.features);
  read_labels(samples, labels);
}

} // namespace drover
