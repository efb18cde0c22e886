#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// Samples that are kept as sparse rows, in memory or in a file that is mapped there, and given as those, or read with
/// all their features.
class sparse_dataset final : public dataset {
public:
  /// `classes`: of each row; none where shape.classes is 0: then labels are the numbers of the rows. Features behind
  /// shape.features are taken out of the rows, so that whoever has a place for each of shape.features need not check.
  /// Throws std::invalid_argument with a sentence where the parts of the rows do not fit together, there is not a class
  /// below shape.classes for each of them, or there are more samples than 32-bit indices.
  sparse_dataset(data_shape shape, sparse_rows rows, std::vector<std::uint32_t> classes);
  /// The same of rows that lie elsewhere and are not copied; `owner` keeps them there. Looks through all of them once,
  /// in order, and throws std::invalid_argument for columns that do not ascend within a row or are not below
  /// shape.features, and for values and labels that are not finite, too.
  sparse_dataset(data_shape shape, const sparse_rows_view& rows, std::span<const std::uint32_t> classes,
                 std::shared_ptr<const void> owner);

  [[nodiscard]] std::size_t size() const override { return rows_.size(); }
  [[nodiscard]] data_shape shape() const override { return shape_; }
  /// Throws std::logic_error where labels are numbers.
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override;
  [[nodiscard]] const sparse_rows_view* rows() const override { return &rows_; }
  [[nodiscard]] std::span<const std::uint32_t> classes() const override { return classes_; }

private:
  data_shape shape_;
  sparse_rows_view rows_;
  std::span<const std::uint32_t> classes_;
  std::shared_ptr<const void> owner_; ///< of the memory of both
};

/// Takes features out of the rows whose columns are not below `features`.
void take_out_behind(std::size_t features, sparse_rows& rows);

/// Adds a row of the values that are not 0.
void add_row(sparse_rows& rows, std::span<const float> values, float label);

/// The samples of a data set that has all their features, as sparse rows; they are no images then. Without classes,
/// labels are the numbers that those were.
[[nodiscard]] std::shared_ptr<const dataset> make_sparse(const dataset& all, bool has_classes);

} // namespace drover
