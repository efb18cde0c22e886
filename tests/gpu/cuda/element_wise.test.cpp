#include <doctest/doctest.h>

#include "tests/gpu/cuda/both.hpp"
#include "tests/gpu/updates.hpp"
#include "tests/gpu/values.hpp"
#include <random>

namespace drover::gpu {

namespace {

using drover::test::values;

constexpr std::size_t sizes[] = {1, 31, 257, 10'007, 1'500'001};

std::uint32_t fresh_seed() {
  auto seed = std::random_device{}();
  MESSAGE("seed " << seed);
  return seed;
}

} // namespace

TEST_CASE("filling, adding and scaling give the CPU's bits") {
  test::both on;
  auto seed = fresh_seed();
  for (auto size : sizes) {
    auto sum = values(size, seed);
    auto addend = values(size, seed + 1);
    auto sum_there = on.on_gpu(sum);
    auto addend_there = on.on_gpu(addend);
    on.gpu->accumulate(*on.gpu_order, addend_there.span(), sum_there.span());
    on.gpu->scale(*on.gpu_order, sum_there.span(), 0.3f);
    on.cpu->accumulate(*on.cpu_order, addend, sum);
    on.cpu->scale(*on.cpu_order, sum, 0.3f);
    CHECK(sum_there.fetch() == sum);
    on.gpu->fill(*on.gpu_order, sum_there.span(), 2.5f);
    CHECK(sum_there.fetch() == std::vector<float>(size, 2.5f));
  }
}

TEST_CASE("the sum of squares agrees with the CPU's, and is the same bits each time") {
  test::both on;
  auto seed = fresh_seed();
  for (auto size : sizes) {
    auto all = values(size, seed);
    auto all_there = on.on_gpu(all);
    double expected = 0;
    on.cpu->squared_norm(*on.cpu_order, all, &expected);
    double first = 0;
    double second = 0;
    on.gpu->squared_norm(*on.gpu_order, all_there.span(), &first);
    on.gpu->squared_norm(*on.gpu_order, all_there.span(), &second);
    on.gpu_order->synchronize();
    CHECK(first == second);
    CHECK(first == doctest::Approx(expected).epsilon(1e-6));
  }
}

TEST_CASE("every update rule gives the CPU's bits, in place and elsewhere") {
  test::both on;
  auto seed = fresh_seed();
  for (const auto& rule : drover::test::every_update)
    for (auto size : sizes) {
      auto weights = values(size, seed);
      std::vector<float> state(size * state_slots(rule));
      auto weights_there = on.on_gpu(weights);
      auto state_there = on.on_gpu(state);
      auto other_there = on.on_gpu(weights);
      for (std::uint32_t step = 1; step <= 3; ++step) {
        auto gradient = values(size, seed + step);
        auto gradient_there = on.on_gpu(gradient);
        on.cpu->update(*on.cpu_order, {rule, weights, gradient, weights, state});
        if (step < 3)
          on.gpu->update(*on.gpu_order,
                         {rule, weights_there.span(), gradient_there.span(), weights_there.span(), state_there.span()});
        else
          on.gpu->update(*on.gpu_order,
                         {rule, weights_there.span(), gradient_there.span(), other_there.span(), state_there.span()});
        on.gpu_order->synchronize();
      }
      CHECK(other_there.fetch() == weights);
      CHECK(state_there.fetch() == state);
    }
}

TEST_CASE("compensation for staleness gives the CPU's bits") {
  test::both on;
  auto seed = fresh_seed();
  for (auto size : sizes) {
    auto gradient = values(size, seed);
    auto weights = values(size, seed + 1);
    auto backup = values(size, seed + 2);
    std::vector<float> result(size);
    std::vector<float> square(size);
    auto gradient_there = on.on_gpu(gradient);
    auto weights_there = on.on_gpu(weights);
    auto backup_there = on.on_gpu(backup);
    auto result_there = on.on_gpu(result);
    auto square_there = on.on_gpu(square);
    on.cpu->compensate(*on.cpu_order, {0.04f, gradient, weights, backup, result});
    on.gpu->compensate(*on.gpu_order,
                       {0.04f, gradient_there.span(), weights_there.span(), backup_there.span(), result_there.span()});
    CHECK(result_there.fetch() == result);
    for (int step = 0; step < 2; ++step) {
      on.cpu->compensate(*on.cpu_order, {2, 0.95f, gradient, weights, backup, square, result});
      on.gpu->compensate(*on.gpu_order, {2, 0.95f, gradient_there.span(), weights_there.span(), backup_there.span(),
                                         square_there.span(), result_there.span()});
    }
    CHECK(result_there.fetch() == result);
    CHECK(square_there.fetch() == square);
  }
}

} // namespace drover::gpu
