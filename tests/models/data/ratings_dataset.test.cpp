#include "drover/models/data/ratings_dataset.hpp"

#include "drover/models/data/ratings_text.hpp"

#include <doctest/doctest.h>

#include "temporary_folder.hpp"
#include <limits>
#include <stdexcept>
#include <vector>

namespace drover {

namespace {

std::string refusal_of_ratings(std::vector<rating> ratings) {
  return test::refusal([&ratings] { ratings_dataset(std::move(ratings), 3, 2); });
}

} // namespace

TEST_CASE("a data set of ratings has users, items and no features") {
  ratings_dataset data{{{2, 1, 0.5f}, {0, 0, -3}}, 3, 2};
  CHECK(data.size() == 2);
  CHECK(data.shape().users == 3);
  CHECK(data.shape().items == 2);
  CHECK(data.shape().features == 0);
  CHECK(data.shape().classes == 0);
  CHECK_FALSE(data.shape().is_image());
  REQUIRE(data.ratings().size() == 2);
  CHECK(data.ratings()[0].user == 2);
  CHECK(data.ratings()[0].item == 1);
  CHECK(data.ratings()[1].value == -3);
  CHECK(data.rows() == nullptr);
  CHECK(data.classes().empty());
}

TEST_CASE("features of ratings cannot be read") {
  ratings_dataset data{{{0, 0, 1}}, 1, 1};
  std::vector<std::uint32_t> samples{0};
  std::vector<std::uint32_t> labels(1);
  CHECK(test::refusal([&data, &samples, &labels] { data.read(samples, {}, labels); }) ==
        "ratings have no features to read");
  CHECK_THROWS_AS(data.read(samples, {}, labels), std::logic_error);
}

TEST_CASE("ratings of users and items that are not there are refused, but for unknown ones") {
  CHECK(refusal_of_ratings({{2, 1, 1}, {rating_unknown, 0, 1}, {0, rating_unknown, 1}}) == "accepted");
  CHECK(refusal_of_ratings({{0, 0, 1}, {3, 0, 1}}) == "rating 1 has user 3: it has to be below 3");
  CHECK(refusal_of_ratings({{0, 2, 1}}) == "rating 0 has item 2: it has to be below 2");
  CHECK(refusal_of_ratings({{0, 0, std::numeric_limits<float>::infinity()}}) == "rating 0 is not a finite number");
  CHECK(refusal_of_ratings({{0, 0, std::numeric_limits<float>::quiet_NaN()}}) == "rating 0 is not a finite number");
  CHECK_THROWS_AS((ratings_dataset{{{1, 0, 1}}, 1, 1}), std::invalid_argument);
}

} // namespace drover
