#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace drover {

/// How stale the updates of one worker were when one shard applied them.
class staleness_histogram {
public:
  /// Stalenesses from `buckets - 1` up share the last bucket; sum and maximum stay exact.
  static constexpr std::size_t buckets = 64;

  void record(std::uint64_t staleness);
  /// Goes on from what another counted. False, and nothing changes, where that cannot be.
  [[nodiscard]] bool restore(std::span<const std::uint64_t> counts, std::uint64_t sum, std::uint64_t max);

  [[nodiscard]] std::uint64_t updates() const { return updates_; }
  [[nodiscard]] std::uint64_t sum() const { return sum_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  /// Up to the last bucket that counts anything.
  [[nodiscard]] std::span<const std::uint64_t> counts() const;

private:
  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t updates_ = 0;
  std::uint64_t sum_ = 0;
  std::uint64_t max_ = 0;
};

} // namespace drover
