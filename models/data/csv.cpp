#include "drover/models/data/csv.hpp"

#include "drover/models/data/csv_lines.hpp"
#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/nearest.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <stdexcept>

namespace drover {

namespace {

constexpr std::string_view usual_label_names[] = {"label", "class", "target"};

/// A whole field as a number, NaN and infinity among them.
std::optional<double> number(std::string_view field) {
  if (field.starts_with('+') && !field.starts_with("+-"))
    field.remove_prefix(1);
  double value = 0;
  auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (problem != std::errc{} || end != field.data() + field.size())
    return std::nullopt;
  return value;
}

std::optional<std::size_t> index(std::string_view field) {
  std::size_t value = 0;
  auto [end, problem] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (problem != std::errc{} || end != field.data() + field.size())
    return std::nullopt;
  return value;
}

std::string lowered(std::string_view word) {
  std::string result(word);
  for (auto& letter : result)
    if (letter >= 'A' && letter <= 'Z')
      letter = static_cast<char>(letter - 'A' + 'a');
  return result;
}

std::string quoted(std::string_view field) {
  constexpr std::size_t shown_max = 40;
  std::string result(1, '\'');
  result += field.substr(0, shown_max);
  return result + (field.size() > shown_max ? "…'" : "'");
}

/// Reads one table; holds what the steps share.
class decoder {
public:
  decoder(std::string_view text, std::string_view name, std::string_view label_column, const table_columns* like)
      : lines_(text, name), name_(name), wanted_(label_column), like_(like) {}

  csv_table decode() {
    if (!lines_.next())
      throw std::runtime_error(std::string(name_) + " has no lines: at least one row of data is needed");
    table_.columns = lines_.fields().size();
    if (table_.columns < 2)
      lines_.refuse("there is one column: a label and at least one feature are needed");
    bool header = is_header();
    if (header)
      for (auto field : lines_.fields())
        table_.names.push_back(csv_lines::unquoted(field));
    choose_label();
    bool more = !header || lines_.next();
    if (!more)
      throw std::runtime_error(std::string(name_) + " has a header only: at least one row of data is needed");
    for (; more; more = lines_.next())
      take_row();
    number_classes();
    return std::move(table_);
  }

private:
  bool is_header() const {
    bool numbers = false;
    for (auto field : lines_.fields()) {
      if ((!wanted_.empty() && !index(wanted_) && csv_lines::unquoted(field) == wanted_) || is_usual(field))
        return true;
      numbers = numbers || number(field).has_value();
    }
    return !numbers;
  }

  static bool is_usual(std::string_view field) {
    return std::ranges::find(usual_label_names, lowered(field)) != std::end(usual_label_names);
  }

  void choose_label() {
    if (like_ != nullptr) {
      if (table_.columns != like_->columns)
        lines_.refuse("there are " + std::to_string(table_.columns) + " columns, the training data have " +
                      std::to_string(like_->columns));
      if (!table_.names.empty() && !like_->names.empty() && table_.names != like_->names)
        lines_.refuse("the columns are named otherwise than in the training data");
      table_.label_column = like_->label_column;
      return;
    }
    table_.label_column = wanted_.empty() ? usual_label() : wanted_label();
  }

  std::size_t usual_label() const {
    for (auto usual : usual_label_names)
      for (std::size_t i = 0; i < table_.names.size(); ++i)
        if (lowered(table_.names[i]) == usual)
          return i;
    return table_.columns - 1;
  }

  std::size_t wanted_label() const {
    if (auto found = std::ranges::find(table_.names, wanted_); found != table_.names.end())
      return static_cast<std::size_t>(found - table_.names.begin());
    if (auto position = index(wanted_)) {
      if (*position < table_.columns)
        return *position;
      throw std::runtime_error(std::string(name_) + " has no column " + std::string(wanted_) + " for the label: 0 to " +
                               std::to_string(table_.columns - 1) + " are there");
    }
    if (table_.names.empty())
      throw std::runtime_error(std::string(name_) + " has no header, so no label column named " + quoted(wanted_) +
                               ": give its number, from 0 to " + std::to_string(table_.columns - 1));
    throw std::runtime_error(std::string(name_) + " has no label column named " + quoted(wanted_) + ": did you mean " +
                             nearest(wanted_, table_.names) + "?");
  }

  void take_row() {
    auto fields = lines_.fields();
    if (fields.size() != table_.columns)
      lines_.refuse("there are " + std::to_string(fields.size()) + " fields: the first line has " +
                    std::to_string(table_.columns));
    for (std::size_t column = 0; column < fields.size(); ++column)
      if (column == table_.label_column)
        take_label(fields[column]);
      else
        table_.features.push_back(feature(column, fields[column]));
  }

  float feature(std::size_t column, std::string_view field) const {
    auto value = number(field);
    if (!value)
      refuse(column, field.empty() ? "a value is missing" : quoted(field) + " is not a number");
    auto result = static_cast<float>(*value);
    if (!std::isfinite(result))
      refuse(column, quoted(field) + " is not a finite number of 32 bits");
    return result;
  }

  void take_label(std::string_view field) {
    if (field.empty())
      refuse(table_.label_column, "the label is missing");
    bool is_text = !number(field).has_value();
    if (!text_labels_)
      text_labels_ = like_ != nullptr ? !like_->class_names.empty() : is_text;
    if (is_text != *text_labels_)
      refuse(table_.label_column, "label " + quoted(field) + (is_text ? " is text" : " is a number") +
                                      " where others are not: labels are all whole numbers from 0, or all text");
    if (is_text) {
      // Numbered in order of appearance for now.
      auto [place, added] = texts_.try_emplace(csv_lines::unquoted(field), static_cast<std::uint32_t>(texts_.size()));
      if (texts_.size() > csv_label_max)
        refuse(table_.label_column, "there are more classes than " + std::to_string(csv_label_max));
      if (added && like_ != nullptr && !std::ranges::binary_search(like_->class_names, place->first))
        refuse(table_.label_column, "class " + quoted(field) + " does not occur in the training data");
      table_.labels.push_back(place->second);
      return;
    }
    auto value = index(field);
    if (!value || *value > csv_label_max)
      refuse(table_.label_column, "label " + quoted(field) + " is no class: whole numbers from 0 to " +
                                      std::to_string(csv_label_max) + ", or text, are allowed");
    if (like_ != nullptr && *value >= like_->classes)
      refuse(table_.label_column, "label " + quoted(field) + " is not below " + std::to_string(like_->classes) +
                                      ", the number of classes in the training data");
    table_.labels.push_back(static_cast<std::uint32_t>(*value));
  }

  void number_classes() {
    if (!*text_labels_) {
      table_.classes = like_ != nullptr ? like_->classes : *std::ranges::max_element(table_.labels) + std::size_t{1};
      return;
    }
    if (like_ != nullptr)
      table_.class_names = like_->class_names;
    else
      for (const auto& [text, first_seen] : texts_)
        table_.class_names.push_back(text);
    table_.classes = table_.class_names.size();
    std::vector<std::uint32_t> sorted(texts_.size());
    for (const auto& [text, first_seen] : texts_) {
      auto place = std::ranges::lower_bound(table_.class_names, text);
      sorted[first_seen] = static_cast<std::uint32_t>(place - table_.class_names.begin());
    }
    for (auto& label : table_.labels)
      label = sorted[label];
  }

  [[noreturn]] void refuse(std::size_t column, const std::string& what) const {
    auto named = table_.names.empty() ? "" : " (" + table_.names[column] + ")";
    lines_.refuse("column " + std::to_string(column) + named + ": " + what);
  }

  csv_lines lines_;
  std::string_view name_;
  std::string_view wanted_;
  const table_columns* like_;
  csv_table table_;
  std::optional<bool> text_labels_;
  std::map<std::string, std::uint32_t, std::less<>> texts_;
};

} // namespace

csv_table decode_csv(std::string_view text, std::string_view name, std::string_view label_column,
                     const table_columns* like) {
  return decoder(text, name, label_column, like).decode();
}

std::shared_ptr<const dataset> make_dataset(csv_table&& table) {
  data_shape shape;
  shape.features = table.columns - 1;
  shape.classes = table.classes;
  return std::make_shared<dense_dataset>(shape, std::move(table.features), std::move(table.labels));
}

} // namespace drover
