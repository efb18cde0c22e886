#include "drover/models/data/csv_labels.hpp"

#include "drover/models/data/class_labels.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

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
  bool are_texts = are_texts_ ? *are_texts_ : like_ != nullptr ? are_texts_in_like() : is_text;
  if (is_text != are_texts)
    refuse("label " + csv_quoted(field) + (is_text ? " is text" : " is a number") +
           " where others are not: labels are all whole numbers from 0, or all text");
  if (is_text) {
    classes_.push_back(text_class(lines, columns, field));
  } else {
    auto label = static_cast<float>(*value);
    if (like_ != nullptr)
      check_known(lines, columns, field, label);
    else
      check_class(lines, columns, field, label);
    numbers_.push_back(label);
  }
  are_texts_ = are_texts;
}

bool csv_labels::are_texts_in_like() const {
  return !like_->class_names.empty() && !csv_number(like_->class_names.front());
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

bool csv_labels::is_number_of_class(std::string_view field, float label) const {
  if (any_two_) // also where it is written otherwise, 1.0 or +1
    return label >= 0 && label <= csv_label_max && label == std::trunc(label);
  auto value = csv_index(field);
  return value && *value <= csv_label_max;
}

void csv_labels::check_known(const csv_lines& lines, const table_columns& columns, std::string_view field,
                             float label) const {
  auto refuse = [&](const std::string& why) { refuse_field(lines, columns, columns.label_column, why); };
  if (!like_->class_names.empty()) {
    if (!std::ranges::binary_search(like_->class_names, class_name(label)))
      refuse("class " + csv_quoted(field) + " does not occur in the training data");
    return;
  }
  if (!is_number_of_class(field, label))
    refuse_class(lines, columns, field);
  if (label >= static_cast<float>(like_->classes))
    refuse("label " + csv_quoted(field) + " is not below " + std::to_string(like_->classes) +
           ", the number of classes in the training data");
}

void csv_labels::check_class(const csv_lines& lines, const table_columns& columns, std::string_view field,
                             float label) {
  auto is_number = is_number_of_class(field, label);
  auto place = std::ranges::lower_bound(different_, label);
  auto is_new = place == different_.end() || *place != label;
  auto may_be_name = any_two_ && std::abs(label) < class_label_bound && (!is_new || different_.size() < 2);
  auto is_third_of_names = is_new && different_.size() == 2 && has_names_;
  if ((!is_number && !may_be_name) || is_third_of_names)
    refuse_class(lines, columns, field);
  has_names_ = has_names_ || !is_number;
  if (is_new && different_.size() < 3)
    different_.insert(place, label);
}

void csv_labels::refuse_class(const csv_lines& lines, const table_columns& columns, std::string_view field) const {
  refuse_field(lines, columns, columns.label_column,
               "label " + csv_quoted(field) + " is no class: whole numbers from 0 to " + std::to_string(csv_label_max) +
                   ", or text, " + (any_two_ ? "or any two numbers, " : "") + "are allowed");
}

void csv_labels::number_classes(table_columns& columns) {
  if (!has_classes_)
    return;
  if (like_ != nullptr) {
    columns.class_names = like_->class_names;
    columns.classes = like_->classes;
  }
  if (*are_texts_)
    number_texts(columns);
  else
    number_numbers(columns);
}

void csv_labels::number_texts(table_columns& columns) {
  if (like_ == nullptr) {
    for (const auto& [text, first_seen] : texts_)
      columns.class_names.push_back(text);
    columns.classes = columns.class_names.size();
  }
  std::vector<std::uint32_t> sorted(texts_.size());
  for (const auto& [text, first_seen] : texts_) {
    auto place = std::ranges::lower_bound(columns.class_names, text);
    sorted[first_seen] = static_cast<std::uint32_t>(place - columns.class_names.begin());
  }
  for (auto& label : classes_)
    label = sorted[label];
}

void csv_labels::number_numbers(table_columns& columns) {
  if (like_ == nullptr && any_two_ && are_two_names(different_)) {
    columns.class_names = class_names(different_);
    columns.classes = 2;
  } else if (like_ == nullptr) {
    columns.classes = static_cast<std::size_t>(*std::ranges::max_element(numbers_)) + 1;
  }
  const auto& names = columns.class_names;
  for (auto label : numbers_)
    classes_.push_back(
        static_cast<std::uint32_t>(names.empty() ? static_cast<std::ptrdiff_t>(label)
                                                 : std::ranges::lower_bound(names, class_name(label)) - names.begin()));
  numbers_.clear();
}

} // namespace drover
