#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/rating.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// Ratings, in memory or in a file that is mapped there.
class ratings_dataset final : public dataset {
public:
  /// Of so many users and items; indices behind them may only be `rating_unknown`. Throws std::invalid_argument with a
  /// sentence for others, for values that are not finite, and for more ratings than 32-bit indices.
  ratings_dataset(std::vector<rating> ratings, std::size_t users, std::size_t items);
  /// The same of ratings that lie elsewhere and are not copied; `owner` keeps them there.
  ratings_dataset(std::span<const rating> ratings, std::size_t users, std::size_t items,
                  std::shared_ptr<const void> owner);

  [[nodiscard]] std::size_t size() const override { return ratings_.size(); }
  [[nodiscard]] data_shape shape() const override;
  /// Throws std::logic_error: there are no features.
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override;
  [[nodiscard]] std::span<const rating> ratings() const override { return ratings_; }

private:
  ratings_dataset(const std::shared_ptr<const std::vector<rating>>& ratings, std::size_t users, std::size_t items);

  std::span<const rating> ratings_;
  std::size_t users_;
  std::size_t items_;
  std::shared_ptr<const void> owner_; ///< of the memory of the ratings
};

} // namespace drover
