#include "drover/actors/core/shard_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/core/world.hpp"
#include <cmath>
#include <cstring>
#include <deque>
#include <numbers>

using namespace drover;

namespace {

// Gradient descent on a x^2 / 2 through a real shard whose workers take turns, so that each update is `delay` versions
// old. Returns |x| at the end, from 1 at the beginning.
double distance_after(std::uint64_t delay, double rate_times_a, int updates) {
  auto workers = static_cast<std::uint32_t>(delay + 1);
  auto tensors = test::tensors_of({1});
  auto plan = test::plan_of({.learning_rate = rate_times_a, .workers = workers, .push_credits = 64}, tensors, 1u << 30);
  auto device = gpu::make_cpu_device();
  shard_core shard{test::assignment_of(plan), plan.layout, *device};

  struct reading {
    std::uint64_t version;
    float value;
  };
  auto read = [&](std::uint32_t worker, std::uint64_t clock) {
    auto out = shard.handle(test::pull_of(worker, clock));
    auto answer = std::get<message<messages::ParametersPulled>>(std::get<send>(out.at(0)).what);
    reading result{answer.read()->getVersion(), 0};
    std::memcpy(&result.value, answer.read()->getBlocks()[0].getValues().begin(), sizeof result.value);
    return result;
  };
  std::deque<reading> readings;
  for (std::uint32_t worker = 0; worker < workers; ++worker)
    readings.push_back(read(worker, 0));
  double distance = 0;
  for (int update = 0; update < updates; ++update) {
    auto worker = static_cast<std::uint32_t>(update) % workers;
    auto clock = static_cast<std::uint64_t>(update) / workers;
    auto from = readings.front();
    readings.pop_front();
    // The shard starts at x = 0: shift the optimum instead, f = a (x - 1)^2 / 2 with a = 1.
    auto out = shard.handle(test::push_of(plan, {.worker = worker,
                                                 .sequence = clock + 1,
                                                 .clock = clock,
                                                 .version = from.version,
                                                 .value = from.value - 1.0f}));
    auto applied = std::get<message<messages::GradientApplied>>(std::get<send>(out.at(0)).what);
    // The first round is still warming up.
    if (clock > 0)
      REQUIRE(applied.read()->getStalenessSteps() == delay);
    readings.push_back(read(worker, clock + 1));
    distance = std::abs(readings.back().value - 1.0f);
    if (!std::isfinite(distance) || distance > 1e6)
      return distance;
  }
  return distance;
}

} // namespace

TEST_CASE(
    "delayed gradient descent converges just inside the border 2 sin(pi / (2 (2 tau + 1))) and diverges just outside") {
  for (std::uint64_t delay : {0, 1, 2, 3, 7}) {
    CAPTURE(delay);
    auto border = 2 * std::sin(std::numbers::pi / (2 * (2 * static_cast<double>(delay) + 1)));
    auto updates = 3000 * static_cast<int>(delay + 1);
    CHECK(distance_after(delay, 0.99 * border, updates) < 1e-2);
    CHECK(distance_after(delay, 1.01 * border, updates) > 1e2);
  }
}
