#include "drover/actors/cli/axis.hpp"

#include "drover/actors/cli/format.hpp"

#include <algorithm>
#include <cmath>

namespace drover::cli {

namespace {

double nice_step(double rough) {
  auto power = std::pow(10.0, std::floor(std::log10(rough)));
  for (double factor : {1.0, 2.0, 5.0})
    // A little less than asked for is meant where only rounding is between.
    if (factor * power >= rough * (1 - 1e-9))
      return factor * power;
  return 10 * power;
}

} // namespace

axis axis::over(const std::vector<double>& values, int ticks) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite), [](double value) { return std::isfinite(value); });
  if (finite.empty())
    return {};
  auto [least, most] = std::ranges::minmax(finite);
  // Of a single value an axis around it.
  auto span = most > least ? most - least : std::max(std::abs(most), 1.0);
  axis result;
  result.step = nice_step(span / ticks);
  result.low = std::floor(least / result.step + 1e-9) * result.step;
  result.high = std::ceil(most / result.step - 1e-9) * result.step;
  if (result.high <= result.low)
    result.high = result.low + result.step;
  return result;
}

std::vector<double> axis::ticks() const {
  std::vector<double> result;
  auto count = std::lround((high - low) / step);
  for (long i = 0; i <= count; ++i)
    result.push_back(low + static_cast<double>(i) * step);
  return result;
}

std::string axis::label(double tick) const {
  auto digits = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  // No "-0".
  return fixed(std::abs(tick) < step / 2 ? 0 : tick, digits);
}

} // namespace drover::cli
