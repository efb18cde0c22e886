#include "drover/models/compact_batch.hpp"

#include <boost/sort/spreadsort/integer_sort.hpp>

#include <numeric>
#include <stdexcept>

namespace drover {

namespace {

/// Replaces each number by its rank among all that occur, and returns those.
row_keys number_anew(std::span<std::uint32_t> numbers) {
  constexpr unsigned half = 32;
  std::vector<std::uint64_t> places(numbers.size()); // number, and where it stands
  for (std::size_t i = 0; i < numbers.size(); ++i)
    places[i] = std::uint64_t{numbers[i]} << half | i;
  boost::sort::spreadsort::integer_sort(places.begin(), places.end());
  auto keys = std::make_shared<std::vector<std::uint64_t>>();
  for (auto each : places) {
    auto key = each >> half;
    if (keys->empty() || keys->back() != key)
      keys->push_back(key);
    numbers[each & 0xffffffff] = static_cast<std::uint32_t>(keys->size() - 1);
  }
  return keys;
}

std::vector<std::uint32_t> members_of(const std::vector<rating>& ratings, std::uint32_t rating::*member) {
  std::vector<std::uint32_t> result;
  result.reserve(ratings.size());
  for (const auto& each : ratings)
    result.push_back(each.*member);
  return result;
}

row_keys number_anew(std::vector<rating>& ratings, std::uint32_t rating::*member) {
  auto numbers = members_of(ratings, member);
  auto keys = number_anew(numbers);
  for (std::size_t i = 0; i < ratings.size(); ++i)
    ratings[i].*member = numbers[i];
  return keys;
}

} // namespace

compact_batch::compact_batch(const batch& samples, const parameter_layout& layout)
    : keys_(layout.key_spaces()), places_(samples.size()) {
  std::iota(places_.begin(), places_.end(), 0);
  if (samples.rows != nullptr)
    add_rows(samples);
  for (auto place : samples.samples)
    if (!samples.ratings.empty())
      ratings_.push_back(samples.ratings[place]);
  for (const auto& table : layout.tables()) {
    auto& keys = keys_[table.key_space];
    if (keys)
      continue;
    auto owner = layout.tensors()[table.tensor].rows_of;
    if (owner == row_owner::feature ? samples.rows == nullptr : ratings_.empty())
      throw std::invalid_argument("tensor " + layout.tensors()[table.tensor].name +
                                  " is kept by rows of features, users or items, which the samples do not have");
    keys = owner == row_owner::feature ? number_anew(rows_.columns)
           : owner == row_owner::user  ? number_anew(ratings_, &rating::user)
                                       : number_anew(ratings_, &rating::item);
  }
  view_ = rows_.view();
}

void compact_batch::add_rows(const batch& samples) {
  for (auto place : samples.samples) {
    auto row = (*samples.rows)[place];
    rows_.columns.insert(rows_.columns.end(), row.columns.begin(), row.columns.end());
    rows_.values.insert(rows_.values.end(), row.values.begin(), row.values.end());
    rows_.ends.push_back(rows_.columns.size());
    rows_.labels.push_back(row.label);
    if (!samples.classes.empty())
      classes_.push_back(samples.classes[place]);
  }
}

batch compact_batch::samples() const {
  batch result{.samples = places_, .ratings = ratings_};
  if (view_.size() != 0) {
    result.rows = &view_;
    result.classes = classes_;
    // Rows have one kind of key.
    if (!keys_.empty())
      result.features_of_columns = *keys_.front();
  }
  return result;
}

} // namespace drover
