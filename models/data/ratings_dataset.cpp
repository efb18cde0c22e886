#include "drover/models/data/ratings_dataset.hpp"

#include "drover/models/data/ratings_text.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

void check_name(std::size_t which, std::uint32_t index, std::size_t count, const char* kind) {
  if (index >= count && index != rating_unknown)
    throw std::invalid_argument("rating " + std::to_string(which) + " has " + kind + ' ' + std::to_string(index) +
                                ": it has to be below " + std::to_string(count));
}

} // namespace

ratings_dataset::ratings_dataset(std::vector<rating> ratings, std::size_t users, std::size_t items)
    : ratings_dataset(std::make_shared<const std::vector<rating>>(std::move(ratings)), users, items) {}

ratings_dataset::ratings_dataset(const std::shared_ptr<const std::vector<rating>>& ratings, std::size_t users,
                                 std::size_t items)
    : ratings_dataset(*ratings, users, items, ratings) {}

ratings_dataset::ratings_dataset(std::span<const rating> ratings, std::size_t users, std::size_t items,
                                 std::shared_ptr<const void> owner)
    : ratings_(ratings), users_(users), items_(items), owner_(std::move(owner)) {
  if (ratings_.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("a data set has " + std::to_string(ratings_.size()) +
                                " ratings: at most 4294967295 are allowed");
  for (std::size_t i = 0; i < ratings_.size(); ++i) {
    check_name(i, ratings_[i].user, users_, "user");
    check_name(i, ratings_[i].item, items_, "item");
    if (!std::isfinite(ratings_[i].value))
      throw std::invalid_argument("rating " + std::to_string(i) + " is not a finite number");
  }
}

data_shape ratings_dataset::shape() const {
  data_shape result;
  result.users = users_;
  result.items = items_;
  return result;
}

void ratings_dataset::read(std::span<const std::uint32_t>, std::span<float>, std::span<std::uint32_t>) const {
  throw std::logic_error("ratings have no features to read");
}

} // namespace drover
