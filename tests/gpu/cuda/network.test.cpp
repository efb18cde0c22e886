#include <doctest/doctest.h>

#include "tests/gpu/cuda/both.hpp"
#include "tests/gpu/values.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace drover::gpu {

namespace {

using drover::test::distance;
using drover::test::values;

constexpr activation functions[] = {activation::identity, activation::relu, activation::tanh, activation::sigmoid,
                                    activation::gelu};

struct shape {
  std::size_t rows, columns;
};
constexpr shape shapes[] = {{1, 1}, {3, 7}, {32, 100}, {129, 33}, {1000, 257}};

double worst(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double result = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    result = std::max(result, distance(a[i], b[i]));
  return result;
}

std::uint32_t fresh_seed() {
  auto seed = std::random_device{}();
  MESSAGE("seed " << seed);
  return seed;
}

// One product of odd shape with rows further apart than they need be, on both; the largest distance.
double product_distance(test::both& on, shape outer, std::size_t inner, bool transpose_a, bool transpose_b, float beta,
                        std::uint32_t seed) {
  auto [rows, columns] = outer;
  auto a_stride = (transpose_a ? rows : inner) + 3;
  auto b_stride = (transpose_b ? inner : columns) + 1;
  auto c_stride = columns + 2;
  auto a = values((transpose_a ? inner : rows) * a_stride, seed);
  auto b = values((transpose_b ? columns : inner) * b_stride, seed + 1);
  auto c = values(rows * c_stride, seed + 2);
  gemm_arguments with{.rows = rows,
                      .columns = columns,
                      .inner = inner,
                      .transpose_a = transpose_a,
                      .transpose_b = transpose_b,
                      .alpha = 0.5f,
                      .beta = beta,
                      .a = a,
                      .a_stride = a_stride,
                      .b = b,
                      .b_stride = b_stride,
                      .c = c,
                      .c_stride = c_stride};
  auto a_there = on.on_gpu(a);
  auto b_there = on.on_gpu(b);
  auto c_there = on.on_gpu(c);
  auto there = with;
  there.a = a_there.span();
  there.b = b_there.span();
  there.c = c_there.span();
  on.cpu->gemm(*on.cpu_order, with);
  on.gpu->gemm(*on.gpu_order, there);
  return worst(c_there.fetch(), c) / std::sqrt(static_cast<double>(inner));
}

} // namespace

TEST_CASE(
    "products agree with the CPU's, for all transpositions, strides and odd shapes, as far as the precision goes") {
  auto seed = fresh_seed();
  for (auto [inside, tolerance] :
       {std::pair{precision::fp32, 1e-6}, {precision::tf32, 2e-3}, {precision::bf16, 2e-2}}) {
    test::both on{{.inside = inside}};
    for (auto outer : shapes)
      for (std::size_t inner : {1u, 33u, 784u})
        for (bool transpose_a : {false, true})
          for (bool transpose_b : {false, true})
            for (float beta : {0.0f, 1.0f})
              CHECK(product_distance(on, outer, inner, transpose_a, transpose_b, beta, seed) < tolerance);
  }
}

TEST_CASE("with beta 0 what lay in the result is not read") {
  test::both on;
  std::vector<float> one{1, 2, 3, 4};
  std::vector<float> nothing(4, std::numeric_limits<float>::quiet_NaN());
  auto a = on.on_gpu(one);
  auto c = on.on_gpu(nothing);
  on.gpu->gemm(*on.gpu_order, {.rows = 2,
                               .columns = 2,
                               .inner = 2,
                               .a = a.span(),
                               .a_stride = 2,
                               .b = a.span(),
                               .b_stride = 2,
                               .c = c.span(),
                               .c_stride = 2});
  CHECK(c.fetch() == std::vector<float>{7, 10, 15, 22});
}

TEST_CASE("bias and activation agree with the CPU's, there and back") {
  test::both on;
  auto seed = fresh_seed();
  for (auto function : functions)
    for (auto [rows, columns] : shapes) {
      auto outputs = values(rows * columns, seed, -6, 6);
      auto bias = values(columns, seed + 1);
      auto gradient = values(rows * columns, seed + 2);
      std::vector<float> kept(needs_input(function) ? outputs.size() : 0);
      std::vector<float> bias_gradient(columns);
      auto outputs_there = on.on_gpu(outputs);
      auto bias_there = on.on_gpu(bias);
      auto gradient_there = on.on_gpu(gradient);
      auto kept_there = on.on_gpu(kept);
      auto bias_gradient_there = on.on_gpu(bias_gradient);
      on.cpu->bias_activation(*on.cpu_order, {function, rows, columns, outputs, bias, kept});
      on.gpu->bias_activation(*on.gpu_order,
                              {function, rows, columns, outputs_there.span(), bias_there.span(), kept_there.span()});
      CHECK(worst(outputs_there.fetch(), outputs) < 1e-6);
      CHECK(worst(kept_there.fetch(), kept) == 0);
      on.cpu->activation_backward(*on.cpu_order, {function, rows, columns, outputs, kept, gradient, bias_gradient});
      on.gpu->activation_backward(*on.gpu_order, {function, rows, columns, outputs_there.span(), kept_there.span(),
                                                  gradient_there.span(), bias_gradient_there.span()});
      CHECK(worst(gradient_there.fetch(), gradient) < 1e-5);
      CHECK(worst(bias_gradient_there.fetch(), bias_gradient) < 1e-5 * std::sqrt(static_cast<double>(rows)));
    }
}

TEST_CASE("loss, hits and gradient agree with the CPU's, where the gradient takes the logits' place, too") {
  test::both on;
  auto seed = fresh_seed();
  for (auto [rows, columns] : {shape{1, 2}, shape{32, 10}, shape{7, 33}, shape{4096, 10}, shape{3, 1000}})
    for (float range : {0.1f, 3.0f, 60.0f}) {
      auto logits = values(rows * columns, seed, -range, range);
      std::vector<std::uint32_t> labels(rows);
      for (std::size_t i = 0; i < rows; ++i)
        labels[i] = static_cast<std::uint32_t>((i * 7 + 1) % columns);
      auto logits_there = on.on_gpu(logits);
      cross_entropy_result expected;
      cross_entropy_result without;
      cross_entropy_result result;
      on.gpu->softmax_cross_entropy(*on.gpu_order, {rows, columns, logits_there.span(), labels, {}, &without});
      on.gpu->softmax_cross_entropy(*on.gpu_order,
                                    {rows, columns, logits_there.span(), labels, logits_there.span(), &result});
      on.gpu_order->synchronize();
      on.cpu->softmax_cross_entropy(*on.cpu_order, {rows, columns, logits, labels, logits, &expected});
      CHECK(result.correct == expected.correct);
      CHECK(result.loss_sum == doctest::Approx(expected.loss_sum).epsilon(1e-6));
      CHECK(without.correct == result.correct);
      CHECK(without.loss_sum == result.loss_sum);
      CHECK(worst(logits_there.fetch(), logits) < 1e-6);
    }
}

TEST_CASE("a row with NaN has a loss of NaN") {
  test::both on;
  std::vector<float> logits{0, std::numeric_limits<float>::quiet_NaN(), 1, 2};
  std::vector<std::uint32_t> labels{0, 1};
  auto there = on.on_gpu(logits);
  cross_entropy_result result;
  on.gpu->softmax_cross_entropy(*on.gpu_order, {2, 2, there.span(), labels, {}, &result});
  on.gpu_order->synchronize();
  CHECK(std::isnan(result.loss_sum));
}

TEST_CASE("memory that a GPU does not have is refused with a sentence, and what there is goes on") {
  test::both on;
  CHECK_THROWS_WITH_AS(static_cast<void>(on.gpu->allocate(std::size_t{1} << 44)), doctest::Contains("were asked for"),
                       error);
  test::both limited{{.memory_bytes_max = 1 << 20}};
  auto fits = limited.gpu->allocate(1 << 17);
  CHECK_THROWS_WITH_AS(static_cast<void>(limited.gpu->allocate(1 << 18)), doctest::Contains("its share is 1 MiB"),
                       error);
  limited.gpu->fill(*limited.gpu_order, fits.span(), 1);
  limited.gpu_order->synchronize();
}

} // namespace drover::gpu
