#include "drover/models/factor_model.hpp"

#include "drover/models/data/ratings_text.hpp"

#include <doctest/doctest.h>

#include "factors_by_hand.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace drover {

TEST_CASE("a rating is predicted as the mean, two biases and a product of factors") {
  test::factor_fixture fixture({"rank=3", 2, 2, 3.5f});
  fixture.set(factor_tensors::user_factors, {1, 2, 3, 0, 1, 0});
  fixture.set(factor_tensors::item_factors, {0.5f, 0, -1, 4, 4, 4});
  fixture.set(factor_tensors::user_bias, {0.25f, -1});
  fixture.set(factor_tensors::item_bias, {0.125f, 2});
  const test::rating_samples samples({{0, 0, 2}, {1, 1, 8}, {rating_unknown, 1, 5}, {1, rating_unknown, 5}, {2, 2, 5}});
  std::vector<float> found(5);
  fixture.made->predict(samples.view(), fixture.weights(), found);
  CHECK(found == std::vector<float>{1.375f, 8.5f, 5.5f, 2.5f, 3.5f});
  auto result = fixture.made->evaluate(samples.view(), fixture.weights());
  CHECK(result.loss_sum == 0.625 * 0.625 + 0.25 + 0.25 + 6.25 + 2.25);
  CHECK(result.samples == 5);
  CHECK(!result.has_classes);
  CHECK(fixture.made->outputs() == 1);
}

TEST_CASE("factors start small, biases at 0 and the mean at that of the ratings") {
  test::factor_fixture fixture({"", 40, 30, 3.25f});
  auto start = fixture.tensors(fixture.blocks);
  CHECK(start[factor_tensors::user_factors].size() == 40 * 32);
  CHECK(start[factor_tensors::item_factors].size() == 30 * 32);
  CHECK(start[factor_tensors::mean] == std::vector<float>{3.25f});
  CHECK(start[factor_tensors::user_bias] == std::vector<float>(40));
  CHECK(start[factor_tensors::item_bias] == std::vector<float>(30));
  double squares = 0;
  for (double value : start[factor_tensors::user_factors])
    squares += value * value;
  CHECK(std::sqrt(squares / (40 * 32)) == doctest::Approx(0.1).epsilon(0.1));
  CHECK(test::factor_fixture({"biases=off,rank=5", 4, 3}).layout.parameters() == 7 * 5 + 1);
}

TEST_CASE("the gradient of factors agrees with finite differences of the loss, whatever the size of blocks") {
  for (const auto* arguments : {"rank=3", "rank=8", "rank=3,biases=off"})
    for (std::size_t block_bytes : {std::size_t{1} << 20, std::size_t{64}, std::size_t{1}}) {
      const test::factor_problem problem{arguments, 7, 5, 3, 0.25f};
      test::factor_fixture fixture(problem, block_bytes);
      test::draw_factor_biases(fixture);
      auto ratings = test::drawn_ratings(12, problem);
      ratings.push_back({rating_unknown, 1, 2});
      ratings.push_back({1, 5, 2});
      std::ranges::fill(std::span(fixture.floats(fixture.gradient_lines), fixture.layout.flat_size()), 1e9f);
      fixture.made->gradient(test::rating_samples(ratings).view(), fixture.weights(), fixture.gradients());
      auto found = fixture.tensors(fixture.gradient_blocks);
      test::factors_by_hand wanted{test::in_double(fixture.tensors(fixture.blocks)),
                                   fixture.layout.tensors()[0].row_size(), 0.25};
      auto mean_objective = [&ratings, &wanted] {
        double sum = 0;
        for (const auto& each : ratings)
          if (each.user < 7 && each.item < 5)
            sum += wanted.objective(each);
        return sum / static_cast<double>(ratings.size());
      };
      CAPTURE(arguments);
      CAPTURE(block_bytes);
      double worst = 0;
      for (std::size_t i = 0; i < wanted.values.size(); ++i)
        for (std::size_t j = 0; j < wanted.values[i].size(); ++j) {
          constexpr double step = 1e-6;
          auto value = wanted.values[i][j];
          wanted.values[i][j] = value + step;
          auto above = mean_objective();
          wanted.values[i][j] = value - step;
          auto below = mean_objective();
          wanted.values[i][j] = value;
          auto slope = i == factor_tensors::mean ? 0 : (above - below) / (2 * step);
          worst = std::max(worst, std::abs(slope - static_cast<double>(found[i][j])));
        }
      CHECK(worst < 1e-6);
    }
}

TEST_CASE("arguments that a model mf does not have are refused with a sentence") {
  auto sentence = [](const std::string& arguments, const std::string& word) {
    return "model mf:" + arguments + ": '" + word +
           "' is not understood; say rank=N with N from 1 to 1024, and biases=off to have none, as in "
           "mf:rank=20,biases=off";
  };
  for (const std::string word : {"rank=0", "rank=1025", "rank=", "rank=-1", "rank=2x", "rank", "20", "biases=on"})
    CHECK_THROWS_WITH_AS((test::factor_problem{word, 2, 2}.make()), sentence(word, word).c_str(),
                         std::invalid_argument);
  CHECK_THROWS_WITH_AS((test::factor_problem{"rank=3,", 2, 2}.make()), sentence("rank=3,", "").c_str(),
                       std::invalid_argument);
  for (const std::string arguments : {"", "rank=1", "rank=1024", "biases=off", "rank=20,biases=off"})
    CHECK_NOTHROW((test::factor_problem{arguments, 2, 2}.make()));
}

TEST_CASE("data and regularisation that a model mf cannot use are refused with a sentence") {
  CHECK_THROWS_WITH_AS((test::factor_problem{"", 0, 0}.make()),
                       "model mf needs ratings of items by users: these data are something else",
                       std::invalid_argument);
  model_request request;
  request.shape.users = request.shape.items = 2;
  request.l1 = 0.5f;
  CHECK_THROWS_WITH_AS(make_factor_model(request), "model mf pulls its factors by l2 alone: l1 has to be 0",
                       std::invalid_argument);
  test::factor_fixture fixture({"", 2, 2});
  const std::vector<std::uint32_t> some{0, 1};
  batch none;
  none.samples = some;
  CHECK_THROWS_WITH_AS(fixture.made->evaluate(none, fixture.weights()),
                       "model mf reads ratings, these samples are none", std::invalid_argument);
  CHECK(fixture.made->evaluate({}, fixture.weights()).samples == 0);
  std::vector<float> room(3);
  CHECK_THROWS_WITH_AS(fixture.made->predict(none, fixture.weights(), room),
                       "room for 3 predictions was given, 2 are needed", std::invalid_argument);
}

} // namespace drover
