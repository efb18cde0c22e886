#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace drover::test {

/// Repeatable values from [low, high).
inline std::vector<float> values(std::size_t count, std::uint32_t seed, float low = -1, float high = 1) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> distribution(low, high);
  std::vector<float> result(count);
  for (auto& value : result)
    value = distribution(random);
  return result;
}

/// |a - b| relative to 1 or the larger magnitude.
inline double distance(double a, double b) {
  auto magnitude = [](double x) { return x < 0 ? -x : x; };
  auto largest = magnitude(a) > magnitude(b) ? magnitude(a) : magnitude(b);
  return magnitude(a - b) / (largest > 1 ? largest : 1);
}

} // namespace drover::test
