#pragma once

#include "drover/models/data/dataset.hpp"

#include <cstdint>
#include <variant>
#include <vector>

namespace drover {

/// Samples in memory, row after row: bytes that mean 0 to 1 (255 is 1), as images have them, or floats as they are.
class dense_dataset final : public dataset {
public:
  using values = std::variant<std::vector<std::uint8_t>, std::vector<float>>;

  /// Throws std::invalid_argument with a sentence where there are not shape.features values a label, a label is not
  /// below shape.classes, or there are more samples than 32-bit indices.
  dense_dataset(data_shape shape, values features, std::vector<std::uint32_t> labels);

  [[nodiscard]] std::size_t size() const override { return labels_.size(); }
  [[nodiscard]] data_shape shape() const override { return shape_; }
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override;
  [[nodiscard]] bool keeps_bytes() const override {
    return std::holds_alternative<std::vector<std::uint8_t>>(features_);
  }
  void read_bytes(std::span<const std::uint32_t> samples, std::span<std::uint8_t> features,
                  std::span<std::uint32_t> labels) const override;

private:
  void read_labels(std::span<const std::uint32_t> samples, std::span<std::uint32_t> labels) const;

  data_shape shape_;
  values features_;
  std::vector<std::uint32_t> labels_;
};

} // namespace drover
