#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace drover {

/// Random bits as a pure function of a seed and what they are for: no state is shared, so neither threads nor order can
/// change them. The generator is SplitMix64 (Steele 2014): a counter through a mixing function.
namespace random_bits {

/// Mixes 64 bits so that each bit of the result depends on each bit of the value.
[[nodiscard]] std::uint64_t mix(std::uint64_t value);

/// A seed for one purpose, independent of those for others: key(seed, "shuffle", epoch).
[[nodiscard]] std::uint64_t key(std::uint64_t seed, std::string_view purpose, std::uint64_t first = 0,
                                std::uint64_t second = 0);

/// Bits number `index` of a key's sequence.
[[nodiscard]] std::uint64_t at(std::uint64_t key, std::uint64_t index);

/// A draw from N(0, 1) by Box and Muller's method, from bits; at most 6.8 in magnitude.
[[nodiscard]] double normal(std::uint64_t bits);

/// A draw from [-1, 1), from bits.
[[nodiscard]] double symmetric(std::uint64_t bits);

} // namespace random_bits

/// A key's sequence, from its start.
class random_sequence {
public:
  explicit random_sequence(std::uint64_t key) : key_(key) {}

  [[nodiscard]] std::uint64_t next() { return random_bits::at(key_, index_++); }
  /// Uniform over 0 … bound - 1, without bias; bound > 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound);

private:
  std::uint64_t key_;
  std::uint64_t index_ = 0;
};

/// Brings values into an order that is drawn from a key: each order is as likely as any other (Durstenfeld 1964).
void permute(std::span<std::uint32_t> values, std::uint64_t key);

} // namespace drover
