#pragma once

#include <atomic>
#include <bit>
#include <cstdint>

namespace drover {

// Floats that threads read and write without agreement: no value is torn, and none is newer or older than that. What
// compiles here are plain loads and stores; the atomic type keeps the compiler from assuming that nobody else writes.

[[nodiscard]] inline float read_shared(const float& from) {
  // An atomic_ref of what is const comes with C++26; a load does not write.
  return std::atomic_ref<float>(const_cast<float&>(from)).load(std::memory_order_relaxed);
}

inline void write_shared(float& to, float value) {
  std::atomic_ref<float>(to).store(value, std::memory_order_relaxed);
}

/// Counts, for some of the writes, whether another thread wrote between this one's reading and its writing. Serves one
/// thread.
class lost_updates {
public:
  /// One in so many samples is watched: enough to count, few enough to cost nothing.
  static constexpr std::uint64_t period = 64;

  /// Whether the updates of the next sample are to be watched.
  [[nodiscard]] bool next_is_watched() { return (++samples_ & (period - 1)) == 0; }

  /// As write_shared, where the value to be replaced was read as `before`.
  void write(float& to, float before, float after) {
    auto seen = std::atomic_ref<float>(to).exchange(after, std::memory_order_relaxed);
    // By bits: a NaN is not equal to itself, and 0 is equal to -0.
    lost_ += std::bit_cast<std::uint32_t>(seen) != std::bit_cast<std::uint32_t>(before) ? 1 : 0;
    ++watched_;
  }

  [[nodiscard]] std::uint64_t watched() const { return watched_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

private:
  std::uint64_t samples_ = 0;
  std::uint64_t watched_ = 0;
  std::uint64_t lost_ = 0;
};

} // namespace drover
