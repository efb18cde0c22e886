#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <vector>

namespace drover {

/// Samples in memory that are kept as sparse rows, and read with all their features.
class sparse_dataset final : public dataset {
public:
  /// `classes`: of each row. Features behind shape.features are left out. Throws std::invalid_argument with a sentence
  /// where the parts of the rows do not fit together, there is not a class below shape.classes for each of them, or
  /// there are more samples than 32-bit indices.
  sparse_dataset(data_shape shape, sparse_rows rows, std::vector<std::uint32_t> classes);

  [[nodiscard]] std::size_t size() const override { return rows_.size(); }
  [[nodiscard]] data_shape shape() const override { return shape_; }
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override;

private:
  data_shape shape_;
  sparse_rows rows_;
  std::vector<std::uint32_t> classes_;
};

} // namespace drover
