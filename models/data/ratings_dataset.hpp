#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/rating.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace drover {

/// Ratings in memory.
class ratings_dataset final : public dataset {
public:
  /// Of so many users and items; indices behind them may only be `rating_unknown`. Throws std::invalid_argument with a
  /// sentence for others, for values that are not finite, and for more ratings than 32-bit indices.
  ratings_dataset(std::vector<rating> ratings, std::size_t users, std::size_t items);

  [[nodiscard]] std::size_t size() const override { return ratings_.size(); }
  [[nodiscard]] data_shape shape() const override;
  /// Throws std::logic_error: there are no features.
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override;
  [[nodiscard]] std::span<const rating> ratings() const override { return ratings_; }

private:
  std::vector<rating> ratings_;
  std::size_t users_;
  std::size_t items_;
};

} // namespace drover
