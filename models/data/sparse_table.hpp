#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/sparse_rows.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace drover {

/// Sparse rows, and what a model that is trained on them must remember. Where columns have IDs, not names, the label is
/// column 0, before a column for each ID.
struct sparse_table : table_columns {
  sparse_rows rows;
  std::vector<std::uint32_t> labels; ///< one a row: which class; empty where labels are numbers, those of the rows
  std::size_t features = 0;          ///< columns of rows that a model knows; `rows` may have others, which are left out
};

/// What sparse rows are read for.
struct sparse_options {
  sample_kind kind = sample_kind::features; ///< how they are trained on: with all features, there may be but few
  bool has_classes = true;                  ///< false: labels are numbers
  std::uint32_t hash_bits = 0;              ///< features are hashed to so many bits; 0: by their IDs
  const table_columns* like = nullptr;      ///< the columns and classes of training data; null for those that are found
};

/// Models that read every feature of a sample compute with so many at most.
inline constexpr std::size_t svm_features_max = std::size_t{1} << 16;
/// More different labels than that are no classes.
inline constexpr std::size_t svm_classes_max = 1000;

/// Finds columns and classes of rows, which it takes. Where all labels are whole numbers from 0 they number the
/// classes, as in a CSV file; else classes are the labels that there are, "-1" and "1" for example. So they are where
/// models of rows have two, "1" and "2" for example, but for 0 and 1. Features are as many as the largest column asks
/// for, or all that hashes can be.
///
/// With `options.like`, columns and classes are those, and other classes are refused.
///
/// Throws std::runtime_error with a sentence that starts with `name`: no rows, no features to learn from, labels that
/// are no classes, or a class that is not in `like`.
[[nodiscard]] sparse_table make_table(sparse_rows&& rows, std::string_view name, const sparse_options& options);

/// Makes a data set of a table; takes its rows.
[[nodiscard]] std::shared_ptr<const dataset> make_dataset(sparse_table&& table);

} // namespace drover
