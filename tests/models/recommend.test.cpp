#include "drover/models/recommend.hpp"

#include "drover/models/data/ratings_text.hpp"
#include "drover/models/factor_view.hpp"

#include <doctest/doctest.h>

#include "factor_fixture.hpp"
#include <limits>
#include <stdexcept>

namespace drover {

namespace {

/// Users like items by 1, 2, … or the other way round; the third item is as good as the fourth.
void set_tastes(const test::factor_fixture& fixture) {
  fixture.set(factor_tensors::user_factors, {1, -1});
  fixture.set(factor_tensors::item_factors, {1, 2, 3, 3, 5});
  fixture.set(factor_tensors::item_bias, {0, 0, 0, 0, 0.5f});
}

using recommendations = std::vector<recommended>;

} // namespace

TEST_CASE("the items are recommended that are predicted highest, equal ones by their indices") {
  for (std::size_t block_bytes : {std::size_t{1} << 20, std::size_t{1}}) {
    test::factor_fixture fixture({"rank=1", 2, 5, 10}, block_bytes);
    set_tastes(fixture);
    CHECK(recommend(fixture.weights(), 0, 3) == recommendations{{4, 15.5f}, {2, 13}, {3, 13}});
    CHECK(recommend(fixture.weights(), 1, 4) == recommendations{{0, 9}, {1, 8}, {2, 7}, {3, 7}});
    CHECK(recommend(fixture.weights(), 0, 9).size() == 5);
    CHECK(recommend(fixture.weights(), 0, 0).empty());
    CHECK(predict_rating(fixture.weights(), 1, 4) == 5.5f);
  }
}

TEST_CASE("items that are to be left out are not recommended, nor those whose prediction is no number") {
  test::factor_fixture fixture({"rank=1", 2, 5, 10});
  set_tastes(fixture);
  const std::vector<std::uint32_t> rated{4, 2, 77};
  CHECK(recommend(fixture.weights(), 0, 2, rated) == recommendations{{3, 13}, {1, 12}});
  fixture.set(factor_tensors::item_bias, {0, 0, 0, std::numeric_limits<float>::quiet_NaN(), 0});
  CHECK(recommend(fixture.weights(), 0, 9, rated) == recommendations{{1, 12}, {0, 11}});
}

TEST_CASE("a user that training did not see gets the items of the highest biases") {
  test::factor_fixture fixture({"rank=1", 2, 5, 10});
  set_tastes(fixture);
  CHECK(recommend(fixture.weights(), rating_unknown, 2) == recommendations{{4, 10.5f}, {0, 10}});
  CHECK(predict_rating(fixture.weights(), 0, rating_unknown) == 10);
}

TEST_CASE("parameters of another model recommend nothing, with a sentence") {
  auto refused = [](std::vector<tensor_spec> tensors, const char* sentence) {
    parameter_layout layout(std::move(tensors));
    std::vector<float> flat(layout.flat_size());
    auto blocks = block_pointers(layout, static_cast<const float*>(flat.data()));
    CHECK_THROWS_WITH_AS(recommend({layout, blocks}, 0, 1), sentence, std::invalid_argument);
  };
  refused({{"weight", {3}, {}, true}}, "these are not the parameters of a model mf: they have no tensor user.factors");
  refused({{"user.factors", {3, 2}, {}, true}, {"item.factors", {3, 4}, {}, true}, {"mean", {1}, {}, false}},
          "these are not the parameters of a model mf: users have 2 factors each, items 4");
  refused({{"user.factors", {3, 2}, {}, true},
           {"item.factors", {3, 2}, {}, true},
           {"mean", {1}, {}, false},
           {"user.bias", {4}, {}, true}},
          "these are not the parameters of a model mf: tensor user.bias has 4 elements, 3 are needed");
}

} // namespace drover
