#include "drover/actors/sim/portable_math.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace drover::sim {

namespace {

using std::numbers::ln2;

// ln2 in two parts, of which the first has few enough bits that its small multiples are exact.
constexpr double ln2_high = 0x1.62e42feep-1;
constexpr double ln2_low = 0x1.a39ef35793c76p-33;

} // namespace

double portable_log(double value) {
  int exponent = 0;
  auto mantissa = std::frexp(value, &exponent); // exact, in [1/2, 1)
  if (mantissa < std::numbers::sqrt2 / 2) {
    mantissa *= 2;
    --exponent;
  }
  // log m = 2 atanh s = 2 (s + s^3/3 + s^5/5 + …) with s = (m - 1)/(m + 1), at most 0.172 in magnitude.
  auto s = (mantissa - 1) / (mantissa + 1);
  auto square = s * s;
  constexpr int last_power = 21;
  double sum = 0;
  for (int power = last_power; power >= 1; power -= 2)
    sum = sum * square + 1.0 / power;
  return exponent * ln2_high + (exponent * ln2_low + 2 * s * sum);
}

double portable_exp(double value) {
  constexpr double magnitude_max = 700;
  if (value < -magnitude_max)
    return 0;
  value = std::min(value, magnitude_max);
  auto halves = std::floor(value / ln2 + 0.5);
  auto rest = (value - halves * ln2_high) - halves * ln2_low; // at most ln2/2 in magnitude
  constexpr int last_power = 15;
  double sum = 1;
  for (int power = last_power; power >= 1; --power)
    sum = 1 + sum * rest / power;
  return std::ldexp(sum, static_cast<int>(halves));
}

} // namespace drover::sim
