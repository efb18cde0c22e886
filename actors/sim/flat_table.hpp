#pragma once

#include "drover/models/random.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace drover::sim {

/// Values by a 64-bit key, in one array with open addressing: one look-up touches one place in memory as a rule. There
/// is no way to iterate it, so that its order can reach no outcome. Keys are never taken out.
template <class Value>
class flat_table {
public:
  /// The value of `key`; `make()` is its first. Valid until the next call.
  template <class Make>
  Value& get(std::uint64_t key, Make make) {
    if (2 * (used_ + 1) > slots_.size())
      grow();
    auto& found = find(key);
    if (!found.is_used) {
      found = {key, true, make()};
      ++used_;
    }
    return found.value;
  }

  [[nodiscard]] std::size_t size() const { return used_; }

private:
  struct slot {
    std::uint64_t key = 0;
    bool is_used = false;
    Value value{};
  };

  slot& find(std::uint64_t key) {
    auto mask = slots_.size() - 1; // a power of two
    auto at = random_bits::mix(key) & mask;
    while (slots_[at].is_used && slots_[at].key != key)
      at = (at + 1) & mask;
    return slots_[at];
  }

  void grow() {
    constexpr std::size_t first_size = 16;
    std::vector<slot> old(slots_.empty() ? first_size : 2 * slots_.size());
    std::swap(old, slots_);
    for (auto& one : old)
      if (one.is_used)
        find(one.key) = std::move(one);
  }

  std::vector<slot> slots_;
  std::size_t used_ = 0;
};

} // namespace drover::sim
