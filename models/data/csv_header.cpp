#include "drover/models/data/csv_header.hpp"

#include "drover/models/nearest.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace drover {

namespace {

constexpr std::string_view usual_label_names[] = {"label", "class", "target"};

std::string lowered(std::string_view word) {
  std::string result(word);
  for (auto& letter : result)
    if (letter >= 'A' && letter <= 'Z')
      letter = static_cast<char>(letter - 'A' + 'a');
  return result;
}

bool is_usual(std::string_view field) {
  return std::ranges::find(usual_label_names, lowered(field)) != std::end(usual_label_names);
}

bool is_header(const csv_lines& lines, std::string_view wanted) {
  bool numbers = false;
  for (auto field : lines.fields()) {
    if ((!wanted.empty() && !csv_index(wanted) && csv_lines::unquoted(field) == wanted) || is_usual(field))
      return true;
    numbers = numbers || csv_number(field).has_value();
  }
  return !numbers;
}

std::size_t usual_label(const table_columns& found) {
  for (auto usual : usual_label_names)
    for (std::size_t i = 0; i < found.names.size(); ++i)
      if (lowered(found.names[i]) == usual)
        return i;
  return found.columns - 1;
}

std::size_t wanted_label(const csv_lines& lines, const table_columns& found, std::string_view wanted) {
  if (auto name = std::ranges::find(found.names, wanted); name != found.names.end())
    return static_cast<std::size_t>(name - found.names.begin());
  auto file = std::string(lines.name());
  if (auto position = csv_index(wanted)) {
    if (*position < found.columns)
      return *position;
    throw std::runtime_error(file + " has no column " + std::string(wanted) + " for the label: 0 to " +
                             std::to_string(found.columns - 1) + " are there");
  }
  if (found.names.empty())
    throw std::runtime_error(file + " has no header, so no label column named " + csv_quoted(wanted) +
                             ": give its number, from 0 to " + std::to_string(found.columns - 1));
  throw std::runtime_error(file + " has no label column named " + csv_quoted(wanted) + ": did you mean " +
                           nearest(wanted, found.names) + "?");
}

void check_alike(const csv_lines& lines, const table_columns& found, const table_columns& like) {
  if (found.columns != like.columns)
    lines.refuse("there are " + std::to_string(found.columns) + " columns, the training data have " +
                 std::to_string(like.columns));
  if (!found.names.empty() && !like.names.empty() && found.names != like.names)
    lines.refuse("the columns are named otherwise than in the training data");
}

} // namespace

table_columns read_csv_header(csv_lines& lines, const csv_options& options) {
  if (!lines.next())
    throw std::runtime_error(std::string(lines.name()) + " has no lines: at least one row of data is needed");
  table_columns result;
  result.columns = lines.fields().size();
  if (result.columns < 2)
    lines.refuse("there is one column: a label and at least one feature are needed");
  if (is_header(lines, options.label_column))
    for (auto field : lines.fields())
      result.names.push_back(csv_lines::unquoted(field));
  if (options.like != nullptr) {
    check_alike(lines, result, *options.like);
    result.label_column = options.like->label_column;
  } else {
    result.label_column =
        options.label_column.empty() ? usual_label(result) : wanted_label(lines, result, options.label_column);
  }
  return result;
}

void refuse_without_rows(const csv_lines& lines, const table_columns& columns, const bad_lines& bad) {
  auto header_only = !columns.names.empty() && bad.skipped() == 0;
  throw std::runtime_error(std::string(lines.name()) +
                           (header_only ? " has a header only" : " has no line that can be read") +
                           ": at least one row of data is needed");
}

void refuse_field(const csv_lines& lines, const table_columns& columns, std::size_t column, const std::string& what) {
  auto named = columns.names.empty() ? "" : " (" + columns.names[column] + ")";
  lines.refuse("column " + std::to_string(column) + named + ": " + what);
}

void check_fields(const csv_lines& lines, const table_columns& columns) {
  if (lines.fields().size() != columns.columns)
    lines.refuse("there are " + std::to_string(lines.fields().size()) + " fields: the first line has " +
                 std::to_string(columns.columns));
}

std::optional<double> csv_number(std::string_view field) {
  if (field.starts_with('+') && !field.starts_with("+-"))
    field.remove_prefix(1);
  double value = 0;
  auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (problem != std::errc{} || end != field.data() + field.size())
    return std::nullopt;
  return value;
}

std::optional<std::size_t> csv_index(std::string_view field) {
  std::size_t value = 0;
  auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (problem != std::errc{} || end != field.data() + field.size())
    return std::nullopt;
  return value;
}

std::string csv_quoted(std::string_view field) {
  constexpr std::size_t shown_max = 40;
  std::string result(1, '\'');
  result += field.substr(0, shown_max);
  return result + (field.size() > shown_max ? "…'" : "'");
}

} // namespace drover
