#pragma once

#include "drover/models/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Ratings cut into blocks, one for each part of the users and part of the items: what workers do at one time shares
/// neither a user nor an item where their blocks lie in different rows and columns (Gemulla et al. 2011). Users, and
/// items, are shared out so that all parts have about as many ratings. Immutable once made; may be read from any
/// thread.
class rating_blocks {
public:
  /// `data` must be ratings. Those of a user or item that is `rating_unknown` are left out: nothing is learned of them.
  /// Takes 4 bytes a rating.
  rating_blocks(const dataset& data, std::size_t user_parts, std::size_t item_parts);

  [[nodiscard]] std::size_t user_parts() const { return user_parts_; }
  [[nodiscard]] std::size_t item_parts() const { return item_parts_; }

  /// Ratings of a part of the users on a part of the items: their places in `ratings()` of the data.
  [[nodiscard]] std::span<const std::uint32_t> block(std::size_t user_part, std::size_t item_part) const {
    auto index = user_part * item_parts_ + item_part;
    return std::span(places_).subspan(starts_[index], starts_[index + 1] - starts_[index]);
  }

private:
  std::size_t user_parts_;
  std::size_t item_parts_;
  std::vector<std::uint32_t> places_; ///< block by block
  std::vector<std::size_t> starts_;   ///< of each block, and the end of the last
};

/// The part of each of `weights.size()` things, so that all parts weigh about the same: the heaviest first, each into
/// the part that is the lightest so far (Graham 1969).
[[nodiscard]] std::vector<std::uint32_t> balanced_parts(std::span<const std::uint64_t> weights, std::size_t parts);

} // namespace drover
