#pragma once

#include "drover/models/data/csv_lines.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace drover {

/// How a table is read.
struct csv_options {
  std::string_view label_column = {};  ///< its name, or its number from 0; empty: the usual one
  bool has_classes = true;             ///< false: labels are numbers
  bool any_two_classes = false;        ///< two numbers, whatever they are, may be the classes
  const table_columns* like = nullptr; ///< the columns and classes of training data; null for those that are found
};

/// Goes to the first line and finds out the columns, their names where that line is a header, and which of them is the
/// label's; where there are no names the line is a row. Throws std::runtime_error with a sentence: no line, one column,
/// no such label column, other columns than those of `options.like`.
[[nodiscard]] table_columns read_csv_header(csv_lines& lines, const csv_options& options);

/// Throws std::runtime_error with a sentence that no rows were found behind a first line like that.
[[noreturn]] void refuse_without_rows(const csv_lines& lines, const table_columns& columns, const bad_lines& bad);

/// Throws bad_csv_line with a sentence about a field of the present line.
[[noreturn]] void refuse_field(const csv_lines& lines, const table_columns& columns, std::size_t column,
                               const std::string& what);

/// As many fields as columns, else throws bad_csv_line.
void check_fields(const csv_lines& lines, const table_columns& columns);

/// A whole field as a number, NaN and infinity among them.
[[nodiscard]] std::optional<double> csv_number(std::string_view field);

/// A whole field as a whole number from 0.
[[nodiscard]] std::optional<std::size_t> csv_index(std::string_view field);

/// A field for a sentence, cut off where it is long.
[[nodiscard]] std::string csv_quoted(std::string_view field);

} // namespace drover
