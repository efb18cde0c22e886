#include "drover/actors/sim/compute_model.hpp"

#include <algorithm>
#include <cmath>

namespace drover::sim {

namespace {

// Longest draw of a heavy tail, in shortest steps: a mean exists then, and no draw ends a simulation.
constexpr double tail_max = 1000;

double drawn_ns(const step_time& step, random_stream& draws) {
  switch (step.distribution) {
  case messages::StepDistribution::LOGNORMAL:
    return step.median_ns * draws.lognormal(step.sigma);
  case messages::StepDistribution::PARETO:
    return step.median_ns * std::min(draws.pareto(step.alpha), tail_max);
  case messages::StepDistribution::CONSTANT:
    break;
  }
  return step.median_ns;
}

/// Time that work of so many nanoseconds at full speed takes from `begun` on.
double through_periods(const step_time& step, nanoseconds begun, double work) {
  auto period = static_cast<double>(step.period);
  auto slow_part = static_cast<double>(step.slow_part);
  // Whole periods do the same work whatever place they begin at.
  auto work_a_period = slow_part / step.slow_factor + (period - slow_part);
  auto periods = std::floor(work / work_a_period);
  work = std::max(work - periods * work_a_period, 0.0);
  auto time = periods * period;
  // The rest crosses at most two borders: slow, fast, slow again.
  auto place = static_cast<double>((begun + (step.period - step.first_slow)) % step.period);
  for (int piece = 0; piece < 3 && work > 0; ++piece) {
    auto is_slow = place < slow_part;
    auto factor = is_slow ? step.slow_factor : 1;
    auto left = (is_slow ? slow_part : period) - place;
    auto spent = std::min(work * factor, left);
    time += spent;
    work = spent < left ? 0 : work - left / factor;
    place = is_slow ? slow_part : 0;
  }
  return time;
}

nanoseconds at_least_one(double ns) {
  return std::max<nanoseconds>(whole_nanoseconds(ns), 1);
}

} // namespace

nanoseconds step_duration(const machine& on, std::uint32_t workers, nanoseconds begun, random_stream& draws) {
  auto work = drawn_ns(on.step, draws);
  if (on.cores != 0 && workers > on.cores)
    work += static_cast<double>(on.crowded_cost);
  if (on.step.period > 0 && on.step.slow_part > 0)
    work = through_periods(on.step, begun, work);
  return at_least_one(work);
}

nanoseconds apply_duration(const machine& on, std::uint64_t bytes) {
  return bytes == 0 ? 0 : at_least_one(static_cast<double>(bytes) * on.apply_ns_per_byte);
}

nanoseconds copy_duration(const machine& on, std::uint64_t bytes) {
  return bytes == 0 ? 0 : at_least_one(static_cast<double>(bytes) * on.copy_ns_per_byte);
}

} // namespace drover::sim
