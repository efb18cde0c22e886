#pragma once

#include "drover/models/data/csv_header.hpp"
#include "drover/models/data/csv_lines.hpp"
#include "drover/models/data/table_columns.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// Largest label that is read, so that one wrong number cannot ask for a huge model.
inline constexpr std::uint32_t csv_label_max = 999'999;

/// The labels of a table's rows: whole numbers from 0, or all text, classes in sorted order; or any numbers, where
/// there are no classes. With `any_two_classes`, two different numbers that are not 0 and 1 are classes by their names,
/// as text is. With `like`, classes are those, and others are refused.
class csv_labels {
public:
  explicit csv_labels(const csv_options& options)
      : has_classes_(options.has_classes), any_two_(options.any_two_classes), like_(options.like) {}

  /// Takes the label of the present line; throws bad_csv_line where it is none, and has taken nothing then.
  void take(const csv_lines& lines, const table_columns& columns);
  [[nodiscard]] std::size_t size() const { return classes_.size() + numbers_.size(); }

  /// Says which classes there are, and numbers those of the labels by them. Once, where there is a label.
  void number_classes(table_columns& columns);
  /// The class of each row; none where labels are numbers.
  [[nodiscard]] std::vector<std::uint32_t>& classes() { return classes_; }
  /// The label of each row; none where they are classes.
  [[nodiscard]] std::vector<float>& numbers() { return numbers_; }

private:
  [[nodiscard]] bool are_texts_in_like() const;
  [[nodiscard]] std::uint32_t text_class(const csv_lines& lines, const table_columns& columns, std::string_view field);
  [[nodiscard]] bool is_number_of_class(std::string_view field, float label) const;
  void check_known(const csv_lines& lines, const table_columns& columns, std::string_view field, float label) const;
  void check_class(const csv_lines& lines, const table_columns& columns, std::string_view field, float label);
  [[noreturn]] void refuse_class(const csv_lines& lines, const table_columns& columns, std::string_view field) const;
  void number_texts(table_columns& columns);
  void number_numbers(table_columns& columns);

  bool has_classes_;
  bool any_two_;
  const table_columns* like_;
  std::vector<std::uint32_t> classes_; ///< of texts, until they are numbered: by `texts_`
  std::vector<float> numbers_;         ///< labels that are numbers, until those of classes are numbered
  std::vector<float> different_;       ///< of classes: the first three that are different, ascending
  bool has_names_ = false;             ///< some of these are no numbers of classes
  std::optional<bool> are_texts_;      ///< as the first label is, or those of `like_`
  std::map<std::string, std::uint32_t, std::less<>> texts_; ///< numbered in order of appearance
};

} // namespace drover
