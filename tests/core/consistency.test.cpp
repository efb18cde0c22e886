#include "drover/actors/core/consistency.hpp"

#include "drover/actors/core/compensation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace drover;

TEST_CASE("ssp lets a step read when nobody is more than its slack behind") {
  auto rule = make_ssp(3);
  CHECK(rule->clock_needed(0) == 0);
  CHECK(rule->clock_needed(3) == 0);
  CHECK(rule->clock_needed(4) == 1);
  CHECK_FALSE(rule->by_clock());
}

TEST_CASE("ssp's staleness bound is 2 s + 1 updates of each other worker, and one's own with prefetch") {
  CHECK(make_ssp(3)->staleness_bound(4, false) == 21);
  CHECK(make_ssp(3)->staleness_bound(4, true) == 22);
  CHECK(make_ssp(3)->staleness_bound(1, false) == 0);
}

TEST_CASE("bsp waits for everyone's last step and promises no staleness") {
  auto rule = make_bsp();
  CHECK(rule->clock_needed(5) == 5);
  CHECK(rule->by_clock());
  CHECK(rule->staleness_bound(8, false) == 0);
}

TEST_CASE("asp waits for nobody and promises nothing, but a single worker is never stale") {
  auto rule = make_asp();
  CHECK(rule->clock_needed(1000) == 0);
  CHECK_FALSE(rule->staleness_bound(2, false).has_value());
  CHECK(rule->staleness_bound(1, false) == 0);
}

TEST_CASE("hogwild waits for nobody, and works in place") {
  auto rule = make_hogwild();
  CHECK(rule->clock_needed(1000) == 0);
  CHECK_FALSE(rule->by_clock());
  CHECK_FALSE(rule->staleness_bound(2, false).has_value());
  CHECK(rule->staleness_bound(1, false) == 0);
  CHECK(rule->in_place());
  CHECK_FALSE(make_asp()->in_place());
}

TEST_CASE("dsgd waits for everyone's last step as bsp does, and works in place") {
  auto rule = make_dsgd();
  CHECK(rule->clock_needed(5) == 5);
  CHECK(rule->by_clock());
  CHECK(rule->staleness_bound(8, false) == 0);
  CHECK(rule->in_place());
}

TEST_CASE("nomad waits for nobody and promises no staleness, for columns are with one worker at a time") {
  auto rule = make_nomad();
  CHECK(rule->clock_needed(1000) == 0);
  CHECK_FALSE(rule->by_clock());
  CHECK(rule->by_columns());
  CHECK(rule->staleness_bound(8, false) == 0);
  CHECK(rule->in_place());
  CHECK_FALSE(make_dsgd()->by_columns());
}

TEST_CASE("the staleness-aware rule divides the learning rate by the staleness and leaves the gradient alone") {
  auto rule = make_staleness_aware();
  CHECK(rule->learning_rate(0.6f, 0) == 0.6f);
  CHECK(rule->learning_rate(0.6f, 1) == 0.6f);
  CHECK(rule->learning_rate(0.6f, 3) == 0.6f / 3.0f);
  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  std::vector<float> gradient{1.0f, 2.0f};
  auto corrected =
      rule->correct(*device, *stream, {.gradient = gradient, .weights = {}, .backup = {}, .state = {}, .scratch = {}});
  CHECK(corrected.data() == gradient.data());
}

TEST_CASE("dc-asgd adds lambda g g (w - w_bak), constant or over the root of the mean square") {
  auto device = gpu::make_cpu_device();
  auto stream = device->make_stream();
  std::vector<float> gradient{2.0f};
  std::vector<float> weights{1.5f};
  std::vector<float> backup{1.0f};
  std::vector<float> scratch(1);
  std::vector<float> state(1);
  auto constant = make_dc_asgd(0.5f)->correct(*device, *stream, {gradient, weights, backup, {}, scratch});
  CHECK(constant[0] == doctest::Approx(2.0 + 0.5 * 4.0 * 0.5));
  auto adaptive = make_adaptive_dc_asgd(2.0f)->correct(*device, *stream, {gradient, weights, backup, state, scratch});
  auto mean_square = 0.05 * 4.0;
  CHECK(adaptive[0] == doctest::Approx(2.0 + 2.0 / std::sqrt(mean_square + 1e-7) * 4.0 * 0.5));
  CHECK(state[0] == doctest::Approx(mean_square));
}
