#pragma once

#include "drover/models/parameters.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

// What a model mf, trained, says of users and items. Parameters may lie in any number of slabs; those of another model
// throw std::invalid_argument with a sentence. May be called from any thread while nobody writes the parameters.

struct recommended {
  std::uint32_t item;
  float rating; ///< as predicted

  bool operator==(const recommended&) const = default;
};

/// The `count` items that the user would rate highest, or all where there are fewer: best first, those of equal ratings
/// in the order of their indices. `leave_out`: items to pass over, such as those rated already, in any order. So are
/// items whose prediction is not a number. A user that training did not see gets the items with the highest biases.
[[nodiscard]] std::vector<recommended> recommend(const_parameters parameters, std::uint32_t user, std::size_t count,
                                                 std::span<const std::uint32_t> leave_out = {});

/// The prediction of one rating, see factor_view.
[[nodiscard]] float predict_rating(const_parameters parameters, std::uint32_t user, std::uint32_t item);

} // namespace drover
