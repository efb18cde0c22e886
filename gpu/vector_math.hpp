#pragma once

#include "drover/gpu/host_device.hpp"

#include <bit>
#include <cstdint>

/// Functions of one float that compilers vectorise: no branches, no calls, no tables. Devices run the very same. Errors
/// are given against the exact value; NaN stays NaN.
namespace drover::gpu {

/// exp(x) = power (1 + remainder): 2^k with whole k, and expm1 of what is left, |r| <= ln(2) / 2, by Taylor's series
/// (its first omitted term is below 6e-9). x within about +-87.
struct split_exponential {
  float power;
  float remainder;
};

DROVER_ALWAYS_INLINE inline split_exponential split_exp(float x) {
  // Adding 1.5 2^23 rounds to a whole number, which then stands in the lowest bits.
  constexpr float rounding = 12582912.0f;
  constexpr float log2_e = 1.44269504f;
  // ln(2) in two parts, the first with so few bits that k times it is exact.
  constexpr float ln2_high = 0.693359375f;
  constexpr float ln2_low = -2.12194440e-4f;
  float shifted = x * log2_e + rounding;
  float k = shifted - rounding;
  float r = x - k * ln2_high - k * ln2_low;
  float series = 1.0f / 5040;
  series = series * r + 1.0f / 720;
  series = series * r + 1.0f / 120;
  series = series * r + 1.0f / 24;
  series = series * r + 1.0f / 6;
  series = series * r + 0.5f;
  series = series * r + 1.0f;
  return {std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) + 127u) << 23), series * r};
}

DROVER_ALWAYS_INLINE inline float clamp(float x, float low, float high) {
  float raised = x < low ? low : x;
  return raised > high ? high : raised;
}

/// Relative error below 3e-7; x is taken for the nearest in [-87, 88].
DROVER_ALWAYS_INLINE inline float exponential(float x) {
  auto [power, remainder] = split_exp(clamp(x, -87.0f, 88.0f));
  return power + power * remainder;
}

/// Relative error below 5e-7: expm1(2x) / (expm1(2x) + 2), which loses nothing near 0.
DROVER_ALWAYS_INLINE inline float hyperbolic_tangent(float x) {
  auto [power, remainder] = split_exp(2 * clamp(x, -9.1f, 9.1f));
  float e = power * remainder + (power - 1);
  return e / (e + 2);
}

DROVER_ALWAYS_INLINE inline float logistic(float x) {
  return 1 / (1 + exponential(-x));
}

/// Normal distribution: density phi(x) and Phi(x), the latter with an absolute error below 1.5e-7 (Abramowitz and
/// Stegun, 7.1.26, halved, and rounding).
struct normal_distribution {
  float density;
  float cumulative;
};

DROVER_ALWAYS_INLINE inline normal_distribution normal(float x) {
  constexpr float root_half = 0.707106781f;
  constexpr float root_half_pi_inverse = 0.398942280f;
  float magnitude = x < 0 ? -x : x;
  float e = exponential(-0.5f * x * x);
  float t = 1 / (1 + 0.3275911f * root_half * magnitude);
  float series = 1.061405429f;
  series = series * t - 1.453152027f;
  series = series * t + 1.421413741f;
  series = series * t - 0.284496736f;
  series = series * t + 0.254829592f;
  float tail = 0.5f * series * t * e;
  return {root_half_pi_inverse * e, x < 0 ? tail : 1 - tail};
}

} // namespace drover::gpu
