#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace drover {

/// How the elements of a tensor start. Each element is a pure function of (seed, tensor name, index of the element), so
/// that neither placement on shards nor the order of initialisation can change a bit.
struct initializer {
  enum class kind { zeros, normal, uniform, constant };
  kind distribution = kind::zeros;
  /// Standard deviation of `normal`, half-width of `uniform`, every element of `constant`.
  float scale = 0;
};

/// What a row of a tensor belongs to, and so who needs it.
enum class row_owner {
  all,     ///< every sample needs every row
  feature, ///< the feature with the row's index: needed by samples that have it
  user,    ///< the user of a rating
  item,    ///< what is rated
};

/// One named tensor of a model, float32, row-major.
struct tensor_spec {
  /// Unique within the model, dotted as is usual in saved models: "layers.0.weight".
  std::string name;
  /// Extents, outermost first; at least one, none of them 0. A "row" below is everything under one outermost index.
  std::vector<std::size_t> shape;
  initializer init;
  /// Whether the tensor may be cut between rows into several slabs. A model that says so must read it row range by row
  /// range (`parameters::slabs`); one that does not may take it as one span (`parameters::tensor`), and it is placed on
  /// a single shard whole, whatever its size.
  bool split_by_rows = false;
  /// A tensor of which a sample needs few rows may be kept as a sparse table: see `parameter_layout::with_tables`.
  row_owner rows_of = row_owner::all;

  /// Number of rows: the outermost extent.
  [[nodiscard]] std::size_t rows() const { return shape.front(); }
  /// Floats in one row.
  [[nodiscard]] std::size_t row_size() const;
  /// Floats in the whole tensor.
  [[nodiscard]] std::size_t size() const { return rows() * row_size(); }
};

/// Fills `values` with elements [first, first + values.size()) of the tensor's initial value.
void initialize(const tensor_spec& tensor, std::uint64_t seed, std::size_t first, float* values, std::size_t count);

} // namespace drover
