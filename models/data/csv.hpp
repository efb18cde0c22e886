#pragma once

#include "drover/models/data/dataset.hpp"
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
  std::vector<float> features; ///< labels.size() x (columns - 1)
  std::vector<std::uint32_t> labels;
};

/// Largest label that is read, so that one wrong number cannot ask for a huge model.
inline constexpr std::uint32_t csv_label_max = 999'999;

/// Decodes comma-separated text. The first line is a header where none of its fields is a number or one is the label's
/// name. The label's column is the one that `label_column` names, or numbers from 0; where that is empty, the one named
/// `label`, `class` or `target`, in small or capital letters; else the last. Labels are whole numbers from 0, or all
/// text: classes in sorted order. Names that are not UTF-8 are taken for Latin-1.
///
/// With `like`, the columns of the training data, columns and classes are those, and others are refused.
///
/// Throws std::runtime_error with a sentence that starts with `name` and says line and column: rows of different
/// length, missing values, no numbers, NaN or infinity, no such column, a class that is not in `like`. Memory is in
/// proportion to the text.
[[nodiscard]] csv_table decode_csv(std::string_view text, std::string_view name, std::string_view label_column = {},
                                   const table_columns* like = nullptr);

/// Makes a data set of a table; takes its rows.
[[nodiscard]] std::shared_ptr<const dataset> make_dataset(csv_table&& table);

} // namespace drover
