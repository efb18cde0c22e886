#include "drover/models/data/csv.hpp"

#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/data/sparse_dataset.hpp"

#include <cmath>
#include <span>
#include <utility>

namespace drover {

namespace {

/// Reads one table; holds what the steps share.
class decoder {
public:
  decoder(std::string_view text, std::string_view name, const csv_options& options)
      : lines_(text, name), options_(options), labels_(options) {}

  csv_table decode(bad_lines& bad) {
    static_cast<table_columns&>(table_) = read_csv_header(lines_, options_);
    lines_.read_rows(table_.names.empty(), bad, [this] { take_row(); });
    table_.features.resize(labels_.size() * (table_.columns - 1));
    if (labels_.size() == 0)
      refuse_without_rows(lines_, table_, bad);
    labels_.number_classes(table_);
    table_.labels = std::move(labels_.classes());
    table_.numbers = std::move(labels_.numbers());
    return std::move(table_);
  }

private:
  void take_row() {
    check_fields(lines_, table_);
    // Without what a bad line before this one left.
    table_.features.resize(labels_.size() * (table_.columns - 1));
    auto fields = lines_.fields();
    for (std::size_t column = 0; column < fields.size(); ++column)
      if (column != table_.label_column)
        table_.features.push_back(feature(column, fields[column]));
    labels_.take(lines_, table_);
  }

  float feature(std::size_t column, std::string_view field) const {
    auto value = csv_number(field);
    if (!value)
      refuse_field(lines_, table_, column,
                   field.empty() ? "a value is missing" : csv_quoted(field) + " is not a number");
    auto result = static_cast<float>(*value);
    if (!std::isfinite(result))
      refuse_field(lines_, table_, column, csv_quoted(field) + " is not a finite number of 32 bits");
    return result;
  }

  csv_lines lines_;
  csv_options options_;
  csv_labels labels_;
  csv_table table_;
};

} // namespace

csv_table decode_csv(std::string_view text, std::string_view name, const csv_options& options, bad_lines& bad) {
  return decoder(text, name, options).decode(bad);
}

std::shared_ptr<const dataset> make_dataset(csv_table&& table) {
  data_shape shape;
  shape.features = table.columns - 1;
  shape.classes = table.classes;
  return std::make_shared<dense_dataset>(shape, std::move(table.features), std::move(table.labels));
}

sparse_table make_sparse(const csv_table& table) {
  sparse_table result;
  static_cast<table_columns&>(result) = table;
  result.features = table.columns - 1;
  result.labels = table.labels;
  bool has_classes = !table.labels.empty();
  std::span all{table.features};
  for (std::size_t i = 0; i * result.features < all.size(); ++i)
    add_row(result.rows, all.subspan(i * result.features, result.features),
            has_classes ? static_cast<float>(table.labels[i]) : table.numbers[i]);
  return result;
}

} // namespace drover
