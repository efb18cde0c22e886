#include "drover/models/random.hpp"

#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace drover {

namespace random_bits {

namespace {

/// 2^64 divided by the golden ratio: successive multiples spread over all 64 bits.
constexpr std::uint64_t increment = 0x9e3779b97f4a7c15;

} // namespace

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

std::uint64_t key(std::uint64_t seed, std::string_view purpose, std::uint64_t first, std::uint64_t second) {
  std::uint64_t hash = 0xcbf29ce484222325; // FNV-1a
  for (char letter : purpose)
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  auto result = mix(seed + increment);
  for (auto part : {hash, first, second})
    result = mix((result ^ part) + increment);
  return result;
}

std::uint64_t at(std::uint64_t key, std::uint64_t index) {
  return mix(key + (index + 1) * increment);
}

double normal(std::uint64_t bits) {
  constexpr double unit = 1.0 / 4294967296.0;
  auto first = (static_cast<double>(bits >> 32) + 0.5) * unit;
  auto second = static_cast<double>(bits & 0xffffffff) * unit;
  return std::sqrt(-2 * std::log(first)) * std::cos(2 * std::numbers::pi * second);
}

double symmetric(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-52 - 1;
}

} // namespace random_bits

std::uint64_t random_sequence::below(std::uint64_t bound) {
  // Values above the last whole multiple of the bound would favour small results.
  auto excess = (std::numeric_limits<std::uint64_t>::max() % bound + 1) % bound;
  auto limit = std::numeric_limits<std::uint64_t>::max() - excess;
  auto value = next();
  while (value > limit)
    value = next();
  return value % bound;
}

void permute(std::span<std::uint32_t> values, std::uint64_t key) {
  random_sequence random(key);
  for (auto left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[random.below(left)]);
}

} // namespace drover
