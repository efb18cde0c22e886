#include "drover/models/data/hashed_csv.hpp"

#include "drover/models/data/csv_labels.hpp"
#include "drover/models/data/feature_hash.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace drover {

namespace {

/// Reads one table; holds what the steps share.
class hashed_decoder {
public:
  hashed_decoder(std::string_view text, std::string_view name, std::uint32_t bits, const csv_options& options)
      : lines_(text, name), options_(options), labels_(options), row_(bits) {
    table_.features = std::size_t{1} << bits;
  }

  sparse_table decode(bad_lines& bad) {
    static_cast<table_columns&>(table_) = read_csv_header(lines_, options_);
    // Those of the training data, also where these have others or none there: the same field is the same feature.
    const auto& names = options_.like != nullptr ? options_.like->names : table_.names;
    for (std::size_t column = 0; column < table_.columns; ++column)
      columns_.emplace_back(names.empty() ? std::to_string(column) : names[column]);
    lines_.read_rows(table_.names.empty(), bad, [this] { take_row(); });
    take_back();
    if (labels_.size() == 0)
      refuse_without_rows(lines_, table_, bad);
    number_labels();
    return std::move(table_);
  }

private:
  void take_row() {
    check_fields(lines_, table_);
    take_back();
    row_.clear();
    auto fields = lines_.fields();
    for (std::size_t column = 0; column < fields.size(); ++column)
      if (column != table_.label_column && !fields[column].empty())
        take_field(columns_[column], fields[column]);
    if (!row_.write(table_.rows))
      lines_.refuse("values that are added, of features that hash alike, are more than a float holds");
    labels_.take(lines_, table_);
    table_.rows.ends.push_back(table_.rows.columns.size());
  }

  void take_field(const feature_namespace& column, std::string_view field) {
    if (auto value = csv_number(field))
      if (auto number = static_cast<float>(*value); std::isfinite(number))
        return row_.add(column(""), number);
    row_.add(column(csv_lines::unquoted(field, room_)), 1);
  }

  /// What a bad line left.
  void take_back() {
    auto features = table_.rows.ends.empty() ? 0 : table_.rows.ends.back();
    table_.rows.columns.resize(features);
    table_.rows.values.resize(features);
  }

  void number_labels() {
    labels_.number_classes(table_);
    table_.labels = std::move(labels_.classes());
    if (options_.has_classes)
      table_.rows.labels.assign(table_.labels.begin(), table_.labels.end());
    else
      table_.rows.labels = std::move(labels_.numbers());
    // So that a table without a header, too, is read as the training data were.
    if (options_.like != nullptr)
      table_.names = options_.like->names;
  }

  csv_lines lines_;
  csv_options options_;
  csv_labels labels_;
  hashed_row row_;
  std::vector<feature_namespace> columns_;
  std::string room_; ///< for a text that is not as it is written
  sparse_table table_;
};

} // namespace

sparse_table decode_hashed_csv(std::string_view text, std::string_view name, std::uint32_t bits,
                               const csv_options& options, bad_lines& bad) {
  return hashed_decoder(text, name, bits, options).decode(bad);
}

} // namespace drover
