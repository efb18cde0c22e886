#include "drover/models/data/rating_blocks.hpp"

#include "drover/models/data/block_source.hpp"
#include "drover/models/data/holdout.hpp"
#include "drover/models/data/ratings_dataset.hpp"
#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <set>
#include <vector>

namespace drover {

namespace {

/// Users and items of very different numbers of ratings: their indices are products of two draws.
std::shared_ptr<const dataset> uneven_ratings(std::size_t count, std::size_t users, std::size_t items) {
  random_sequence random{5};
  auto draw = [&random](std::size_t below) {
    return static_cast<std::uint32_t>(random.below(below) * random.below(below) / below);
  };
  std::vector<rating> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back({draw(users), draw(items), static_cast<float>(i)});
  return std::make_shared<ratings_dataset>(std::move(all), users, items);
}

} // namespace

TEST_CASE("each rating is in one block, and blocks of different rows and columns share neither a user nor an item") {
  auto data = hold_out(uneven_ratings(3000, 50, 40), 0.2, 1).train;
  rating_blocks blocks{*data, 3, 7};
  std::set<std::uint32_t> places;
  std::vector<std::set<std::uint32_t>> users(3), items(7);
  for (std::size_t p = 0; p < 3; ++p)
    for (std::size_t q = 0; q < 7; ++q)
      for (auto place : blocks.block(p, q)) {
        CHECK(places.insert(place).second);
        users[p].insert(data->ratings()[place].user);
        items[q].insert(data->ratings()[place].item);
      }
  std::vector<std::uint32_t> samples(data->size()), expected(data->size());
  std::iota(samples.begin(), samples.end(), 0u);
  data->locate(samples, expected);
  CHECK(places == std::set(expected.begin(), expected.end())); // and none that was held out
  auto distinct = [](const std::vector<std::set<std::uint32_t>>& parts) {
    std::set<std::uint32_t> all;
    std::size_t sum = 0;
    for (const auto& part : parts) {
      sum += part.size();
      all.insert(part.begin(), part.end());
    }
    return all.size() == sum;
  };
  CHECK(distinct(users));
  CHECK(distinct(items));
}

TEST_CASE("parts of users and of items have about as many ratings each, however uneven those are") {
  auto data = uneven_ratings(40'000, 500, 400);
  rating_blocks blocks{*data, 4, 8};
  for (std::size_t p = 0; p < 4; ++p) {
    std::size_t sum = 0;
    for (std::size_t q = 0; q < 8; ++q)
      sum += blocks.block(p, q).size();
    CHECK(std::abs(static_cast<double>(sum) / 10'000 - 1) < 0.01);
  }
  for (std::size_t q = 0; q < 8; ++q) {
    std::size_t sum = 0;
    for (std::size_t p = 0; p < 4; ++p)
      sum += blocks.block(p, q).size();
    CHECK(std::abs(static_cast<double>(sum) / 5'000 - 1) < 0.01);
  }
}

TEST_CASE("what weighs nothing is shared out as well, and no part is empty where there is enough for all") {
  CHECK(balanced_parts(std::vector<std::uint64_t>{5, 3, 3, 0, 0}, 2) == std::vector<std::uint32_t>{0, 1, 1, 0, 0});
  CHECK(balanced_parts(std::vector<std::uint64_t>(4), 4) == std::vector<std::uint32_t>{0, 1, 2, 3});
}

TEST_CASE("ratings of who is not known are in no block") {
  std::vector<rating> all{{0, 0, 1}, {rating_unknown, 1, 1}, {1, rating_unknown, 1}, {1, 1, 1}};
  ratings_dataset data{all, 2, 2};
  rating_blocks blocks{data, 1, 1};
  CHECK(std::ranges::equal(blocks.block(0, 0), std::vector<std::uint32_t>{0, 3}));
}

TEST_CASE("a batch is a whole block, in an order that belongs to its round") {
  auto data = uneven_ratings(2000, 30, 30);
  auto blocks = std::make_shared<const rating_blocks>(*data, 2, 2);
  block_source source{data, blocks, 7, 1};
  auto at = [&source](std::size_t part, std::uint64_t round) {
    auto samples = source.at(part, round).samples;
    return std::vector<std::uint32_t>{samples.begin(), samples.end()};
  };
  auto first = at(0, 0);
  auto later = at(0, 1);
  CHECK(first != later);
  CHECK(at(1, 0).size() == blocks->block(1, 1).size());
  CHECK(at(0, 0) == first); // whatever was asked for meanwhile
  CHECK(source.at(0, 0).ratings.data() == data->ratings().data());
  std::ranges::sort(first);
  std::ranges::sort(later);
  CHECK(first == later);
  CHECK(std::ranges::equal(first, blocks->block(1, 0)));
}

} // namespace drover
