#pragma once

#include "drover/models/random.hpp"

#include <cstdint>
#include <string_view>

namespace drover::sim {

/// One named stream of random draws: random_stream{seed, "network", 3}. Streams of different names or indices are
/// independent, so that what one part of the simulator draws never shifts what another does. The same arguments give
/// the same bits on every machine; std's distributions, and a C library's log, would not.
///
/// A value: copies continue by themselves.
class random_stream {
public:
  random_stream(std::uint64_t seed, std::string_view name, std::uint64_t index = 0, std::uint64_t second = 0)
      : bits_(random_bits::key(seed, name, index, second)) {}

  [[nodiscard]] std::uint64_t next() { return bits_.next(); }
  /// Uniform over 0 … bound - 1; bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return bits_.below(bound); }
  /// Uniform over [0, 1), with 53 bits.
  [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// True with this probability. Draws nothing for 0 and less.
  [[nodiscard]] bool chance(double probability) { return probability > 0 && uniform() < probability; }
  /// Mean `mean`; at most 36.8 times it.
  [[nodiscard]] double exponential(double mean);
  /// N(0, 1), by Marsaglia's polar method (1964), which needs no cosine.
  [[nodiscard]] double normal();
  /// Median 1; `sigma` is the standard deviation of the logarithm.
  [[nodiscard]] double lognormal(double sigma);
  /// At least 1; P(draw > x) = x^-alpha. Bounded by 2^(53/alpha).
  [[nodiscard]] double pareto(double alpha);

private:
  random_sequence bits_;
};

} // namespace drover::sim
