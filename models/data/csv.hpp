#pragma once

#include "drover/models/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// Labelled rows of numbers. Columns are counted from 0, the label's among them.
struct csv_table {
  std::vector<std::string> names; ///< of all columns; empty where there is no header
  std::size_t columns = 0;        ///< with the label's
  std::size_t label_column = 0;
  std::vector<std::string> class_names; ///< sorted; empty where labels are numbers
  std::size_t classes = 0;              ///< labels are 0 … classes - 1
  std::vector<float> features;          ///< labels.size() x (columns - 1)
  std::vector<std::uint32_t> labels;
};

/// Largest label that is read, so that one wrong number cannot ask for a huge model.
inline constexpr std::uint32_t csv_label_max = 999'999;

/// Decodes comma-separated text. The first line is a header where none of its fields is a number or one is the label's
/// name. The label's column is the one that `label_column` names, or numbers from 0; where that is empty, the one named
/// `label`, `class` or `target`, in small or capital letters; else the last. Labels are whole numbers from 0, or all
/// text: classes in sorted order.
///
/// With `like`, which was decoded from the data to train on, columns and classes are those, and others are refused.
///
/// Throws std::runtime_error with a sentence that starts with `name` and says line and column: rows of different
/// length, missing values, no numbers, NaN or infinity, no such column, a class that is not in `like`. Memory is in
/// proportion to the text.
[[nodiscard]] csv_table decode_csv(std::string_view text, std::string_view name, std::string_view label_column = {},
                                   const csv_table* like = nullptr);

/// Makes a data set of a table; takes its rows.
[[nodiscard]] std::shared_ptr<const dataset> make_dataset(csv_table&& table);

} // namespace drover
