#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "values.hpp"
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace drover::gpu {

namespace {

constexpr activation all[] = {activation::identity, activation::relu, activation::tanh, activation::sigmoid,
                              activation::gelu};

double reference(activation function, double x) {
  switch (function) {
  case activation::identity:
    return x;
  case activation::relu:
    return x > 0 ? x : 0;
  case activation::tanh:
    return std::tanh(x);
  case activation::sigmoid:
    return 1 / (1 + std::exp(-x));
  case activation::gelu:
    return x * 0.5 * std::erfc(-x * std::numbers::sqrt2 / 2);
  }
  return 0;
}

double slope(activation function, double x) {
  constexpr double step = 1e-5;
  return (reference(function, x + step) - reference(function, x - step)) / (2 * step);
}

struct shape {
  std::size_t rows, columns;
};

constexpr shape shapes[] = {{1, 1}, {3, 7}, {32, 100}, {5, 33}, {2, 128}};

} // namespace

TEST_CASE("bias and activation agree with the functions' definitions") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (auto function : all)
    for (auto [rows, columns] : shapes) {
      auto before = test::values(rows * columns, 1, -6, 6);
      auto bias = test::values(columns, 2);
      auto values = before;
      std::vector<float> kept(needs_input(function) ? values.size() : 0);
      device->bias_activation(*order, {function, rows, columns, values, bias, kept});
      double worst = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        double input = before[i] + bias[i % columns];
        worst = std::max(worst, test::distance(values[i], reference(function, input)));
        if (!kept.empty())
          CHECK(kept[i] == before[i] + bias[i % columns]);
      }
      CAPTURE(static_cast<int>(function));
      CHECK(worst < 6e-7);
    }
}

TEST_CASE("activations hold near 0, far from 0 and for what is no number") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> inputs = {0, 1e-30f, -1e-30f, 1e-4f, -1e-4f, 0.3f, -0.35f, 20, -20, 90, -90, 1e30f, -1e30f};
  const std::vector<float> zeros(inputs.size());
  for (auto function : all) {
    auto values = inputs;
    device->bias_activation(*order, {function, 1, values.size(), values, zeros, {}});
    CAPTURE(static_cast<int>(function));
    for (std::size_t i = 0; i < values.size(); ++i) {
      CAPTURE(inputs[i]);
      auto wanted = reference(function, inputs[i]);
      CHECK(values[i] == doctest::Approx(wanted).epsilon(1e-6));
      // Relative, not absolute: small inputs must not drown.
      if (std::abs(inputs[i]) < 1)
        CHECK(std::abs(values[i] - wanted) <= 1e-6 * std::abs(wanted));
    }
    std::vector<float> odd = {std::nanf(""), infinity};
    device->bias_activation(*order, {function, 1, 2, odd, std::span(zeros).first(2), {}});
    CHECK(std::isnan(odd[0]));
    CHECK(odd[1] >= 1);
  }
}

TEST_CASE("the backward pass multiplies by the derivative and sums the bias's gradient over the rows") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  for (auto function : all)
    for (auto [rows, columns] : shapes) {
      auto before = test::values(rows * columns, 3, -4, 4);
      auto bias = test::values(columns, 4);
      auto outputs = before;
      std::vector<float> kept(needs_input(function) ? outputs.size() : 0);
      device->bias_activation(*order, {function, rows, columns, outputs, bias, kept});
      auto arriving = test::values(rows * columns, 5);
      auto gradient = arriving;
      std::vector<float> bias_gradient(columns, 77);
      device->activation_backward(*order, {function, rows, columns, outputs, kept, gradient, bias_gradient});
      std::vector<double> sums(columns);
      double worst = 0;
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        double wanted = arriving[i] * slope(function, before[i] + bias[i % columns]);
        worst = std::max(worst, test::distance(gradient[i], wanted));
        sums[i % columns] += wanted;
      }
      CAPTURE(static_cast<int>(function));
      CHECK(worst < 2e-6);
      for (std::size_t i = 0; i < columns; ++i)
        CHECK(test::distance(bias_gradient[i], sums[i]) < 2e-5);
    }
}

TEST_CASE("activations whose spans do not fit are refused with a sentence") {
  auto device = make_cpu_device();
  auto order = device->make_stream();
  std::vector<float> six(6), three(3);
  CHECK_THROWS_WITH_AS(device->bias_activation(*order, {activation::relu, 2, 3, six, six, {}}),
                       "bias_activation: bias has 6 floats, needs 3", error);
  CHECK_THROWS_WITH_AS(device->activation_backward(*order, {activation::gelu, 2, 3, six, {}, six, three}),
                       "activation_backward: kept_inputs has 0 floats, needs 6", error);
}

} // namespace drover::gpu
