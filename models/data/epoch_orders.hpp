#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace drover {

/// The orders in which samples are shown: for each epoch a permutation, drawn from (seed, epoch) alone. All who read
/// the same data with the same seed in one process share them: an order is 4 bytes a sample, made once by whoever comes
/// to its epoch first, and gone with the last who holds it. Any number of threads may use one of these.
class epoch_orders {
public:
  using order = std::shared_ptr<const std::vector<std::uint32_t>>;

  /// `samples`: below 2^32.
  epoch_orders(std::size_t samples, std::uint64_t seed) : samples_(samples), seed_(seed) {}

  [[nodiscard]] order of(std::uint64_t epoch);

private:
  [[nodiscard]] order draw(std::uint64_t epoch) const;

  std::size_t samples_;
  std::uint64_t seed_;
  std::mutex mutex_;
  std::map<std::uint64_t, std::weak_ptr<const std::vector<std::uint32_t>>> drawn_; ///< by epoch
};

} // namespace drover
