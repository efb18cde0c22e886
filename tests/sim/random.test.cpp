#include "drover/actors/sim/random.hpp"

#include "drover/actors/sim/portable_math.hpp"
#include "drover/actors/sim/virtual_time.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <functional>

using namespace drover::sim;

namespace {

struct moments {
  double mean;
  double deviation;
};

moments moments_of(const std::function<double()>& draw) {
  constexpr int draws = 100'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < draws; ++i) {
    auto value = draw();
    sum += value;
    squares += value * value;
  }
  auto mean = sum / draws;
  return {mean, std::sqrt(squares / draws - mean * mean)};
}

} // namespace

TEST_CASE("portable logarithm and exponential agree with the C library") {
  for (double x : {1e-300, 1e-16, 0.1, 0.5, 0.7071, 0.70711, 0.999999, 1.0, 1.5, 2.718281828, 1e10, 1e300})
    CHECK(portable_log(x) == doctest::Approx(std::log(x)).epsilon(1e-14));
  for (double x : {-699.0, -30.0, -1.0, -0.3466, -1e-12, 0.0, 0.3465, 0.3467, 1.0, 20.5, 699.0})
    CHECK(portable_exp(x) == doctest::Approx(std::exp(x)).epsilon(1e-14));
  CHECK(portable_exp(-1e9) == 0);
  CHECK(std::isfinite(portable_exp(1e9)));
}

TEST_CASE("draws are the same bits on every machine") {
  // From a program in Python.
  random_stream draws{7, "golden", 3};
  CHECK(draws.uniform() == 0x1.8e280360bb806p-2);
  CHECK(draws.exponential(2) == 0x1.56d32a76503c4p+2);
  CHECK(draws.normal() == 0x1.945b825e616c4p-1);
  CHECK(draws.lognormal(0.5) == 0x1.1747bb11e7f97p+0);
  CHECK(draws.pareto(1.5) == 0x1.9f64de657b58ap+0);
}

TEST_CASE("streams of other seeds, names and indices are others") {
  auto first = [](std::uint64_t seed, const char* name, std::uint64_t index) {
    return random_stream{seed, name, index}.next();
  };
  CHECK(first(1, "a", 0) == first(1, "a", 0));
  CHECK(first(1, "a", 0) != first(2, "a", 0));
  CHECK(first(1, "a", 0) != first(1, "b", 0));
  CHECK(first(1, "a", 0) != first(1, "a", 1));
}

TEST_CASE("each distribution has its moments") {
  random_stream draws{1, "moments"};
  auto uniform = moments_of([&draws] { return draws.uniform(); });
  CHECK(uniform.mean == doctest::Approx(0.5).epsilon(0.01));
  CHECK(uniform.deviation == doctest::Approx(std::sqrt(1.0 / 12)).epsilon(0.01));
  auto exponential = moments_of([&draws] { return draws.exponential(3); });
  CHECK(exponential.mean == doctest::Approx(3).epsilon(0.02));
  CHECK(exponential.deviation == doctest::Approx(3).epsilon(0.02));
  auto normal = moments_of([&draws] { return draws.normal(); });
  CHECK(std::abs(normal.mean) < 0.01);
  CHECK(normal.deviation == doctest::Approx(1).epsilon(0.01));
  auto lognormal = moments_of([&draws] { return draws.lognormal(0.5); });
  CHECK(lognormal.mean == doctest::Approx(std::exp(0.125)).epsilon(0.02));
  auto pareto = moments_of([&draws] { return draws.pareto(4); });
  CHECK(pareto.mean == doctest::Approx(4.0 / 3).epsilon(0.02));
  auto chance = moments_of([&draws] { return draws.chance(0.2) ? 1.0 : 0.0; });
  CHECK(chance.mean == doctest::Approx(0.2).epsilon(0.03));
}

TEST_CASE("a chance of 0 draws nothing, so that a fault that is off changes nothing") {
  random_stream one{1, "x"};
  random_stream other{1, "x"};
  CHECK(!one.chance(0));
  CHECK(one.next() == other.next());
}

TEST_CASE("times are rounded, never negative, and stop at the end of time") {
  CHECK(from_seconds(1.5e-9) == 2);
  CHECK(whole_nanoseconds(0.5) == 1);
  CHECK(whole_nanoseconds(std::nextafter(0.5, 0)) == 0);
  CHECK(whole_nanoseconds(0x1p52 + 1) == (std::int64_t{1} << 52) + 1);
  CHECK(from_seconds(1) == 1'000'000'000);
  CHECK(from_seconds(-1) == 0);
  CHECK(from_seconds(std::nan("")) == 0);
  CHECK(from_seconds(1e300) == end_of_time);
  CHECK(later(end_of_time, end_of_time) == end_of_time);
  CHECK(later(5, 6) == 11);
}
