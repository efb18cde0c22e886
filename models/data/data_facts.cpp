#include "drover/models/data/data_facts.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

/// Calls `use` with each sample's place among all rows or ratings.
template <class Use>
void for_each_place(const dataset& samples, Use use) {
  std::array<std::uint32_t, 1024> indices{};
  std::array<std::uint32_t, 1024> places{};
  for (std::size_t first = 0; first < samples.size(); first += indices.size()) {
    auto count = std::min(indices.size(), samples.size() - first);
    for (std::size_t i = 0; i < count; ++i)
      indices[i] = static_cast<std::uint32_t>(first + i);
    samples.locate(std::span{indices}.first(count), std::span{places}.first(count));
    for (auto place : std::span{places}.first(count))
      use(place);
  }
}

void check_row(const sparse_rows::row& row, std::size_t features) {
  // Ascending: the last is the largest.
  if (!row.columns.empty() && row.columns.back() >= features)
    throw std::invalid_argument("a row has column " + std::to_string(row.columns.back()) + ": the data have " +
                                std::to_string(features) + " features");
}

void check_rating(const rating& one, const data_shape& shape, bool may_be_unknown) {
  auto is_known = [may_be_unknown](std::uint32_t index, std::size_t count) {
    return index < count || (may_be_unknown && index == rating_unknown);
  };
  if (!is_known(one.user, shape.users) || !is_known(one.item, shape.items))
    throw std::invalid_argument("a rating is of user " + std::to_string(one.user) + " and item " +
                                std::to_string(one.item) + ": there are " + std::to_string(shape.users) +
                                " users and " + std::to_string(shape.items) + " items");
}

} // namespace

data_facts facts_of(const dataset& samples, sample_kind kind) {
  auto shape = samples.shape();
  data_facts result;
  if (kind == sample_kind::rows) {
    auto shares = std::make_shared<std::vector<float>>(shape.features);
    for_each_place(samples, [&](std::uint32_t place) {
      auto row = (*samples.rows())[place];
      check_row(row, shape.features);
      for (auto column : row.columns)
        (*shares)[column] += 1;
    });
    std::ranges::transform(*shares, shares->begin(), [](float count) { return count > 0 ? 1 / count : 0.0f; });
    result.shares = std::move(shares);
  } else if (kind == sample_kind::ratings) {
    double sum = 0;
    for_each_place(samples, [&](std::uint32_t place) {
      check_rating(samples.ratings()[place], shape, false);
      sum += static_cast<double>(samples.ratings()[place].value);
    });
    result.rating_mean = static_cast<float>(sum / static_cast<double>(std::max<std::size_t>(1, samples.size())));
  }
  return result;
}

void check_indices(const dataset& samples, sample_kind kind) {
  auto shape = samples.shape();
  if (kind == sample_kind::rows)
    for_each_place(samples, [&](std::uint32_t place) { check_row((*samples.rows())[place], shape.features); });
  else if (kind == sample_kind::ratings)
    for_each_place(samples, [&](std::uint32_t place) { check_rating(samples.ratings()[place], shape, true); });
}

} // namespace drover
