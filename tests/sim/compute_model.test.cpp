#include "drover/actors/sim/compute_model.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace drover::sim;

namespace {

constexpr nanoseconds millisecond = 1'000'000;

/// A machine with these fields of its step.
machine with_step(const std::string& step, const std::string& more = "") {
  auto one = cluster::from_json("c.json", R"({"machines": [{"name": "a", "step": {)" + step + "}" + more + "}]}");
  return one.machines()[0];
}

} // namespace

TEST_CASE("a constant step takes the same time always") {
  auto on = with_step(R"("seconds": 0.02)");
  random_stream draws{1, "worker"};
  CHECK(step_duration(on, 1, 0, draws) == 20 * millisecond);
  CHECK(step_duration(on, 1, 12345, draws) == 20 * millisecond);
}

TEST_CASE("a step takes longer where more workers than cores share a machine") {
  random_stream draws{1, "worker"};
  auto on = with_step(R"("seconds": 0.01)", R"(, "cores": 2, "crowdedSeconds": 0.003)");
  CHECK(step_duration(on, 2, 0, draws) == 10 * millisecond);
  CHECK(step_duration(on, 3, 0, draws) == 13 * millisecond);
  on.cores = 0; // as many as there is work
  CHECK(step_duration(on, 3, 0, draws) == 10 * millisecond);
}

TEST_CASE("lognormal steps have their median, heavy-tailed ones their shortest and their cut") {
  random_stream draws{1, "worker"};
  auto steps_of = [&draws](const machine& on) {
    std::vector<nanoseconds> steps(20'001);
    for (auto& step : steps)
      step = step_duration(on, 1, 0, draws);
    std::ranges::sort(steps);
    return steps;
  };
  auto lognormal = steps_of(with_step(R"("distribution": "lognormal", "sigma": 0.5)"));
  CHECK(static_cast<double>(lognormal[10'000]) == doctest::Approx(10e6).epsilon(0.02));
  auto heavy = steps_of(with_step(R"("distribution": "pareto", "alpha": 0.5)"));
  CHECK(heavy.front() >= 10 * millisecond);
  CHECK(heavy.back() == 10'000 * millisecond);
  CHECK(static_cast<double>(heavy[10'000]) == doctest::Approx(40e6).epsilon(0.05)); // 2^(1/alpha)
}

TEST_CASE("a periodic slow-down costs what lies in its slow parts") {
  // Slow by 3 in the first 20 ms of each 100 ms.
  auto on = with_step(R"("seconds": 0.01, "periodSeconds": 0.1, "slowShare": 0.2, "slowFactor": 3)");
  random_stream draws{1, "worker"};
  CHECK(step_duration(on, 1, 50 * millisecond, draws) == 10 * millisecond);
  CHECK(step_duration(on, 1, 95 * millisecond, draws) == 20 * millisecond);  // 5, then 5 thrice
  CHECK(step_duration(on, 1, 105 * millisecond, draws) == 20 * millisecond); // 15 slow ones do 5, then 5
  auto long_step = with_step(R"("seconds": 1, "periodSeconds": 0.1, "slowShare": 0.2, "slowFactor": 4)");
  CHECK(step_duration(long_step, 1, 30 * millisecond, draws) ==
        doctest::Approx(1'165e6).epsilon(1e-9)); // 11 periods of 85 ms work, then 65 of the 70 fast ms
  auto stopped = with_step(R"("seconds": 0.01, "periodSeconds": 0.1, "slowShare": 1, "slowFactor": 3)");
  CHECK(step_duration(stopped, 1, 77 * millisecond, draws) == 30 * millisecond);
}

TEST_CASE("machines of a group are slow one after the other") {
  auto on = cluster::from_json("c.json", R"({"machines": [{"name": "a", "count": 4, "step":
    {"periodSeconds": 0.4, "slowShare": 0.25, "slowFactor": 2}}]})");
  random_stream draws{1, "worker"};
  for (int at = 0; at < 4; ++at)
    for (int i = 0; i < 4; ++i)
      CHECK(step_duration(on.machines()[static_cast<std::size_t>(i)], 1, at * 100 * millisecond, draws) ==
            (at == i ? 20 : 10) * millisecond);
}

TEST_CASE("messages, updates and copies cost what the machine says") {
  auto on = with_step("", R"(, "messageSeconds": 0.001, "applyBytesPerSecond": 1000000, "copyBytesPerSecond": 2e6)");
  CHECK(handle_duration(on) == millisecond);
  CHECK(apply_duration(on, 1000) == millisecond);
  CHECK(copy_duration(on, 1000) == millisecond / 2);
  CHECK(copy_duration(on, 0) == 0);
  CHECK(copy_duration(with_step("", R"(, "copyBytesPerSecond": 1e15)"), 1) == 1);
}
