#pragma once

#include "drover/models/random.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace drover::sim {

/// 64 bits that stand for all that was fed in, in its order.
class fingerprint {
public:
  void add(std::uint64_t value) { state_ = random_bits::mix(state_ ^ value) + 0x9e3779b97f4a7c15; }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(std::span<const float> values) {
    for (auto value : values)
      add(std::uint64_t{std::bit_cast<std::uint32_t>(value)});
  }

  [[nodiscard]] std::uint64_t value() const { return state_; }

private:
  std::uint64_t state_ = 0;
};

} // namespace drover::sim
