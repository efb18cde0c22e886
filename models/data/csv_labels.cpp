#include "drover/models/data/csv_labels.hpp"

#include <algorithm>
#include <cmath>

namespace drover {

void csv_labels::take(const csv_lines& lines, const table_columns& columns) {
  auto field = lines.fields()[columns.label_column];
  auto refuse = [&lines, &columns](const std::string& what) {
    refuse_field(lines, columns, columns.label_column, what);
  };
  if (field.empty())
    refuse("the label is missing");
  auto value = csv_number(field);
  if (!has_classes_) {
    if (!value)
      refuse("label " + csv_quoted(field) + " is not a number");
    auto label = static_cast<float>(*value);
    if (!std::isfinite(label))
      refuse("label " + csv_quoted(field) + " is not a finite number of 32 bits");
    numbers_.push_back(label);
    return;
  }
  bool is_text = !value.has_value();
  bool are_texts = are_texts_ ? *are_texts_ : like_ != nullptr ? !like_->class_names.empty() : is_text;
  if (is_text != are_texts)
    refuse("label " + csv_quoted(field) + (is_text ? " is text" : " is a number") +
           " where others are not: labels are all whole numbers from 0, or all text");
  classes_.push_back(is_text ? text_class(lines, columns, field) : number_class(lines, columns, field));
  are_texts_ = are_texts;
}

std::uint32_t csv_labels::text_class(const csv_lines& lines, const table_columns& columns, std::string_view field) {
  auto text = csv_lines::unquoted(field);
  if (auto known = texts_.find(text); known != texts_.end())
    return known->second;
  if (texts_.size() == csv_label_max)
    refuse_field(lines, columns, columns.label_column, "there are more classes than " + std::to_string(csv_label_max));
  if (like_ != nullptr && !std::ranges::binary_search(like_->class_names, text))
    refuse_field(lines, columns, columns.label_column,
                 "class " + csv_quoted(field) + " does not occur in the training data");
  return texts_.emplace(std::move(text), static_cast<std::uint32_t>(texts_.size())).first->second;
}

std::uint32_t csv_labels::number_class(const csv_lines& lines, const table_columns& columns,
                                       std::string_view field) const {
  auto value = csv_index(field);
  if (!value || *value > csv_label_max)
    refuse_field(lines, columns, columns.label_column,
                 "label " + csv_quoted(field) + " is no class: whole numbers from 0 to " +
                     std::to_string(csv_label_max) + ", or text, are allowed");
  if (like_ != nullptr && *value >= like_->classes)
    refuse_field(lines, columns, columns.label_column,
                 "label " + csv_quoted(field) + " is not below " + std::to_string(like_->classes) +
                     ", the number of classes in the training data");
  return static_cast<std::uint32_t>(*value);
}

void csv_labels::number_classes(table_columns& columns) {
  if (!has_classes_)
    return;
  if (!*are_texts_) {
    columns.classes = like_ != nullptr ? like_->classes : *std::ranges::max_element(classes_) + std::size_t{1};
    return;
  }
  if (like_ != nullptr)
    columns.class_names = like_->class_names;
  else
    for (const auto& [text, first_seen] : texts_)
      columns.class_names.push_back(text);
  columns.classes = columns.class_names.size();
  std::vector<std::uint32_t> sorted(texts_.size());
  for (const auto& [text, first_seen] : texts_) {
    auto place = std::ranges::lower_bound(columns.class_names, text);
    sorted[first_seen] = static_cast<std::uint32_t>(place - columns.class_names.begin());
  }
  for (auto& label : classes_)
    label = sorted[label];
}

} // namespace drover
