#include "drover/models/factor_learner.hpp"

#include "drover/models/data/ratings_text.hpp"

#include <doctest/doctest.h>

#include "factors_by_hand.hpp"
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <thread>

namespace drover {

namespace {

gpu::element_update factor_sgd(float rate) {
  return gpu::sgd_update{rate, 0};
}

} // namespace

TEST_CASE("one thread in place takes the steps of the formula, rating by rating") {
  for (const auto* arguments : {"rank=8", "rank=12", "rank=7", "rank=2", "rank=1", "rank=20,biases=off", "rank=32"}) {
    CAPTURE(arguments);
    const test::factor_problem problem{arguments, 11, 9, 3, 0.125f};
    test::factor_fixture fixture(problem);
    test::draw_factor_biases(fixture);
    test::factors_by_hand wanted{test::in_double(fixture.tensors(fixture.blocks)),
                                 fixture.layout.tensors()[0].row_size(), 0.125};
    // Enough that some are watched, whose writes go another way.
    const test::rating_samples samples(test::drawn_ratings(400, problem));
    double loss = 0;
    for (const auto& each : samples.ratings) {
      auto error = wanted.error(each);
      loss += error * error;
      wanted.learn(each, 0.0625);
    }
    auto result = fixture.made->in_place()->learn(samples.view(), fixture.shared(), factor_sgd(0.0625f));
    CHECK(test::worst_difference(wanted.values, fixture.tensors(fixture.blocks)) < 2e-5);
    CHECK(result.result.loss_sum == doctest::Approx(loss).epsilon(1e-5));
    CHECK(result.result.samples == 400);
    CHECK(!result.result.has_classes);
    CHECK(result.watched > 0);
    CHECK(result.lost == 0);
  }
}

TEST_CASE("learning in place does not depend on how ratings are cut into batches, and sees the loss of evaluation") {
  const test::factor_problem problem{"rank=12", 11, 9, 3, 0.125f};
  test::factor_fixture whole(problem), cut(problem);
  const test::rating_samples samples(test::drawn_ratings(150, problem));
  auto together = whole.made->in_place()->learn(samples.view(), whole.shared(), factor_sgd(0.1f));
  std::uint64_t watched = 0;
  for (std::size_t i = 0; i < 150; ++i) {
    auto before = cut.made->evaluate(samples.part(i, 1), cut.weights()).loss_sum;
    auto result = cut.made->in_place()->learn(samples.part(i, 1), cut.shared(), factor_sgd(0.1f));
    CHECK(result.result.loss_sum == before);
    watched += result.watched;
  }
  CHECK(whole.tensors(whole.blocks) == cut.tensors(cut.blocks));
  CHECK(together.watched == watched);
}

TEST_CASE("weight decay of sgd adds to l2 in place") {
  const test::factor_problem pulled{"rank=8", 11, 9, 3, 0.5f}, plain{"rank=8", 11, 9, 3};
  test::factor_fixture left(pulled), right(plain);
  const test::rating_samples samples(test::drawn_ratings(100, plain));
  left.made->in_place()->learn(samples.view(), left.shared(), factor_sgd(0.1f));
  right.made->in_place()->learn(samples.view(), right.shared(), gpu::sgd_update{0.1f, 0.5f});
  CHECK(test::worst_difference(test::in_double(left.tensors(left.blocks)), right.tensors(right.blocks)) < 1e-6);
}

TEST_CASE("adagrad and ftrl in place do to each float of a sample what the rule says") {
  const gpu::adagrad_update adagrad{0.25f, 1e-6f, 0};
  const gpu::ftrl_update ftrl{0.25f, 1, 0.001f, 0.01f};
  for (const gpu::element_update& rule : {gpu::element_update{adagrad}, gpu::element_update{ftrl}})
    for (const auto* arguments : {"rank=4", "rank=3,biases=off"}) {
      const test::factor_problem problem{arguments, 5, 4, 3, 0.125f};
      test::factor_fixture fixture(problem);
      test::draw_factor_biases(fixture);
      auto wanted = fixture.tensors(fixture.blocks);
      auto first = wanted, second = wanted;
      for (auto* state : {&first, &second})
        for (auto& tensor : *state)
          std::ranges::fill(tensor, 0.0f);
      auto apply = [&](std::size_t tensor, std::size_t i, float g) {
        auto& w = wanted[tensor][i];
        w = rule.index() == gpu::element_update{ftrl}.index() ? ftrl(w, g, first[tensor][i], second[tensor][i])
                                                              : adagrad(w, g, first[tensor][i]);
      };
      const test::rating_samples samples(test::drawn_ratings(150, problem));
      auto rank = fixture.layout.tensors()[0].row_size();
      for (const auto& [user, item, value] : samples.ratings) {
        test::factors_by_hand now{test::in_double(wanted), rank, 0.125};
        auto e = static_cast<float>(now.error({user, item, value}));
        for (std::size_t k = 0; k < rank; ++k) {
          auto p = wanted[factor_tensors::user_factors][user * rank + k];
          auto q = wanted[factor_tensors::item_factors][item * rank + k];
          apply(factor_tensors::user_factors, user * rank + k, 0.125f * p - e * q);
          apply(factor_tensors::item_factors, item * rank + k, 0.125f * q - e * p);
        }
        if (!now.has_biases())
          continue;
        apply(factor_tensors::user_bias, user, 0.125f * wanted[factor_tensors::user_bias][user] - e);
        apply(factor_tensors::item_bias, item, 0.125f * wanted[factor_tensors::item_bias][item] - e);
      }
      auto result = fixture.made->in_place()->learn(samples.view(), fixture.shared(), rule);
      CHECK(test::worst_difference(test::in_double(wanted), fixture.tensors(fixture.blocks)) < 1e-3);
      CHECK(result.watched == 2 * 2 * rank);
    }
}

TEST_CASE("nothing is learned from users and items that are none") {
  test::factor_fixture fixture({"rank=8", 4, 3, 3, 0.5f});
  test::draw_factor_biases(fixture);
  auto before = fixture.tensors(fixture.blocks);
  const test::rating_samples samples({{rating_unknown, 1, 5}, {1, rating_unknown, 5}, {4, 1, 5}, {1, 3, 5}});
  auto evaluated = fixture.made->evaluate(samples.view(), fixture.weights());
  auto learned = fixture.made->in_place()->learn(samples.view(), fixture.shared(), factor_sgd(0.1f));
  CHECK(fixture.tensors(fixture.blocks) == before);
  CHECK(learned.result.loss_sum == doctest::Approx(evaluated.loss_sum));
  CHECK(learned.result.samples == 4);
}

TEST_CASE("two threads learn in place what one learns") {
  const test::factor_problem problem{"rank=8", 200, 100, 3, 0.02f};
  test::factor_fixture truth({"rank=4", 200, 100, 3});
  auto ratings = test::drawn_ratings(20'000, problem);
  for (std::size_t tensor : {factor_tensors::user_factors, factor_tensors::item_factors}) {
    auto factors = truth.tensors(truth.blocks)[tensor];
    for (auto& factor : factors)
      factor *= 7;
    truth.set(tensor, factors);
  }
  for (auto& each : ratings)
    each.value = factor_view(truth.weights()).predict(each.user, each.item);
  const test::rating_samples samples(ratings);
  auto rmse_with = [&problem, &samples](std::size_t count) {
    test::factor_fixture fixture(problem);
    auto share = samples.order.size() / count;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i)
      threads.emplace_back([&problem, &samples, &fixture, i, share] {
        auto own = problem.make();
        for (std::size_t epoch = 0; epoch < 10; ++epoch)
          own->in_place()->learn(samples.part(i * share, share), fixture.shared(), factor_sgd(0.05f));
      });
    for (auto& thread : threads)
      thread.join();
    return std::sqrt(fixture.made->evaluate(samples.view(), fixture.weights()).mean_loss());
  };
  auto alone = rmse_with(1);
  CHECK(alone < 0.3); // of 1 that the ratings vary
  CHECK(rmse_with(2) == doctest::Approx(alone).epsilon(0.05));
}

TEST_CASE("rules that cannot be applied to some of the factors only are refused with a sentence") {
  test::factor_fixture fixture({"", 2, 2});
  const test::rating_samples samples({{0, 0, 1}});
  for (const gpu::element_update& rule :
       {gpu::element_update{gpu::momentum_update{}}, gpu::element_update{gpu::adam_update{}}})
    CHECK_THROWS_WITH_AS(fixture.made->in_place()->learn(samples.view(), fixture.shared(), rule),
                         "model mf learns in place by sgd, adagrad or ftrl", std::invalid_argument);
}

} // namespace drover
