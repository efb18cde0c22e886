#include "drover/models/rules/schedule.hpp"

#include <doctest/doctest.h>

namespace drover {

using schedule = learning_rate_schedule;

TEST_CASE("a constant rate stays") {
  schedule rate{.base = 0.3};
  CHECK(rate.at(0) == 0.3f);
  CHECK(rate.at(1'000'000) == 0.3f);
}

TEST_CASE("a warm-up grows linearly and reaches the rate with its last step") {
  schedule rate{.base = 0.8, .warmup_steps = 4};
  CHECK(rate.at(0) == 0.2f);
  CHECK(rate.at(1) == 0.4f);
  CHECK(rate.at(3) == 0.8f);
  CHECK(rate.at(4) == 0.8f);
}

TEST_CASE("steps multiply by the factor after each so many steps") {
  schedule rate{.shape = schedule::kind::step, .base = 1, .step_steps = 10, .step_factor = 0.5};
  CHECK(rate.at(9) == 1.0f);
  CHECK(rate.at(10) == 0.5f);
  CHECK(rate.at(19) == 0.5f);
  CHECK(rate.at(20) == 0.25f);
}

TEST_CASE("a cosine falls from the rate to what is left of it, after the warm-up") {
  schedule rate{.shape = schedule::kind::cosine, .base = 1, .steps = 110, .warmup_steps = 10, .final_fraction = 0.1};
  CHECK(rate.at(9) == 1.0f);
  CHECK(rate.at(10) == 1.0f);
  CHECK(rate.at(60) == doctest::Approx(0.55));
  CHECK(rate.at(35) == doctest::Approx(0.1 + 0.9 * (1 + 0.70710678) / 2));
  CHECK(rate.at(110) == doctest::Approx(0.1));
  CHECK(rate.at(500) == doctest::Approx(0.1));
}

} // namespace drover
