#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/csv_header.hpp"
#include "drover/models/data/csv_labels.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/sparse_table.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace drover {

/// Labelled rows of numbers.
struct csv_table : table_columns {
  std::vector<float> features;       ///< a row: columns - 1
  std::vector<std::uint32_t> labels; ///< one a row: which class; empty where labels are numbers
  std::vector<float> numbers;        ///< one a row: its label; empty where those are classes
};

/// Decodes comma-separated text. The first line is a header where none of its fields is a number or one is the label's
/// name. The label's column is the one that `label_column` names, or numbers from 0; where that is empty, the one named
/// `label`, `class` or `target`, in small or capital letters; else the last. Labels are whole numbers from 0, or all
/// text: classes in sorted order; where there are no classes, any numbers. Names that are not UTF-8 are taken for
/// Latin-1.
///
/// With `options.like`, columns and classes are those, and others are refused.
///
/// A row that cannot be read adds nothing: `bad` gets a sentence that starts with `name` and says line and column: a
/// row of different length, missing values, no numbers, NaN or infinity, a class that is not in `like`. Throws
/// std::runtime_error with such a sentence where `bad` does, for a first line that is wrong, no such label column, or
/// no rows. Memory is in proportion to the text.
[[nodiscard]] csv_table decode_csv(std::string_view text, std::string_view name, const csv_options& options,
                                   bad_lines& bad);

/// Makes a data set of a table with classes; takes its rows.
[[nodiscard]] std::shared_ptr<const dataset> make_dataset(csv_table&& table);

/// Its rows by the values that are not 0.
[[nodiscard]] sparse_table make_sparse(const csv_table& table);

} // namespace drover
