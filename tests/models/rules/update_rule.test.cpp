#include "drover/models/rules/update_rule.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

namespace drover {

namespace {

/// Where one parameter goes from 1 under gradients 0.5, -0.25, 1 with a rate of 0.1.
std::vector<float> path(std::string_view name, const rule_options& options) {
  auto rule = make_update_rule(name, options);
  auto device = gpu::make_cpu_device();
  auto order = device->make_stream();
  CHECK(rule->name() == name);
  std::vector<float> weight = {1}, state(rule->state_slots()), result;
  std::uint64_t count = 0;
  for (float g : {0.5f, -0.25f, 1.0f}) {
    std::vector<float> gradient = {g};
    rule->apply(*device, *order, {0.1f, ++count}, weight, gradient, weight, state);
    order->synchronize();
    result.push_back(weight[0]);
  }
  return result;
}

void check(std::string_view name, const rule_options& options, const std::vector<double>& wanted) {
  auto found = path(name, options);
  CAPTURE(name);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    CHECK(found[i] == doctest::Approx(wanted[i]).epsilon(1e-6));
}

} // namespace

TEST_CASE("rules without decay follow paths that were worked out by hand") {
  check("sgd", {}, {0.95, 0.975, 0.875});
  // v: 0.5, 0.2, 1.18
  check("momentum", {}, {0.95, 0.93, 0.812});
  // step: 0.5 + 0.45, -0.25 + 0.18, 1 + 1.062
  check("nesterov", {}, {0.905, 0.912, 0.7058});
  // G: 0.25, 0.3125, 1.3125
  check("adagrad", {.epsilon = 1e-10f},
        {0.9, 0.9 + 0.025 / std::sqrt(0.3125), 0.9 + 0.025 / std::sqrt(0.3125) - 0.1 / std::sqrt(1.3125)});
  // s with decay 0.5: 0.125, 0.09375, 0.546875
  auto first = 1 - 0.05 / std::sqrt(0.125);
  auto second = first + 0.025 / std::sqrt(0.09375);
  check("rmsprop", {.rmsprop_decay = 0.5f, .epsilon = 0}, {first, second, second - 0.1 / std::sqrt(0.546875)});
}

TEST_CASE("weight decay adds to the gradient, but shrinks weights apart from it in adamw") {
  // The first step: g + 0.2 w = 0.7.
  check("sgd", {.weight_decay = 0.2f}, {0.93});
  check("momentum", {.weight_decay = 0.2f}, {0.93});
  check("nesterov", {.weight_decay = 0.2f}, {1 - 0.1 * (0.7 + 0.63)});
  check("adagrad", {.weight_decay = 0.2f}, {0.9});
  check("adam", {.weight_decay = 0.2f}, {0.9});
  check("adamw", {.weight_decay = 0.2f}, {0.98 - 0.1});
}

TEST_CASE("adam follows its formula with corrected moments") {
  double w = 1, m = 0, s = 0;
  std::vector<double> wanted;
  int count = 0;
  for (double g : {0.5, -0.25, 1.0}) {
    ++count;
    m = 0.8 * m + 0.2 * g;
    s = 0.9 * s + 0.1 * g * g;
    auto corrected_m = m / (1 - std::pow(0.8, count));
    auto corrected_s = s / (1 - std::pow(0.9, count));
    w -= 0.1 * corrected_m / (std::sqrt(corrected_s) + 1e-3);
    wanted.push_back(w);
  }
  const rule_options options{.beta1 = 0.8f, .beta2 = 0.9f, .epsilon = 1e-3f};
  check("adam", options, wanted);
  check("adamw", options, wanted);
}

TEST_CASE("ftrl-proximal without l1 and l2 is gradient descent with a rate for each parameter") {
  double w = 1, n = 0;
  std::vector<double> wanted;
  for (double g : {0.5, -0.25, 1.0}) {
    n += g * g;
    w -= 0.1 / (2 + std::sqrt(n)) * g;
    wanted.push_back(w);
  }
  check("ftrl", {.ftrl_beta = 2}, wanted);
}

TEST_CASE("ftrl-proximal with l1 and l2 follows its formula and keeps small weights at 0") {
  const rule_options options{.ftrl_beta = 1, .l1 = 0.6f, .l2 = 0.5f};
  // From w = 1: z = -(1 / 0.1 + 0.5) - 0.6.
  double w = 1, z = -11.1, n = 0;
  std::vector<double> wanted;
  for (double g : {0.5, -0.25, 1.0}) {
    auto sigma = (std::sqrt(n + g * g) - std::sqrt(n)) / 0.1;
    z += g - sigma * w;
    n += g * g;
    w = -(z + 0.6) / ((1 + std::sqrt(n)) / 0.1 + 0.5);
    wanted.push_back(w);
  }
  check("ftrl", options, wanted);
  auto rule = make_update_rule("ftrl", options);
  auto update = std::get<gpu::ftrl_update>(rule->at({0.1f, 1}));
  float sum = 0, squares = 0;
  CHECK(update(0, 0.5f, sum, squares) == 0); // |z| is 0.5
  CHECK(update(0, 0.5f, sum, squares) == doctest::Approx(-0.4 / ((1 + std::sqrt(0.5)) / 0.1 + 0.5)));
}

TEST_CASE("unknown rules and impossible coefficients are refused with a sentence") {
  CHECK_THROWS_WITH_AS(
      static_cast<void>(make_update_rule("adan", {})),
      "there is no update rule adan: did you mean adam? Known are adagrad, adam, adamw, ftrl, momentum, "
      "nesterov, rmsprop, sgd",
      std::invalid_argument);
  CHECK_THROWS_WITH_AS(static_cast<void>(make_update_rule("sgd", {.momentum = 1})),
                       "update rule: momentum is 1.000000, allowed is 0 or more and below 1", std::invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(make_update_rule("adam", {.beta2 = -0.1f})), std::invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(make_update_rule("adam", {.epsilon = std::nanf("")})), std::invalid_argument);
  CHECK_THROWS_AS(static_cast<void>(make_update_rule("sgd", {.weight_decay = -1})), std::invalid_argument);
}

} // namespace drover
