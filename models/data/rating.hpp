#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace drover {

/// Stands for a user or item that the names at hand do not have: a model has no factors for it, and predicts from the
/// biases that it does know.
inline constexpr std::uint32_t rating_unknown = 0xffffffff;

/// What one user thinks of one item.
struct rating {
  std::uint32_t user = 0; ///< index into names of users
  std::uint32_t item = 0;
  float value = 0; ///< finite
};

/// Who rated and what was rated, as the data name them; indices are positions here.
struct rating_names {
  std::vector<std::string> users;
  std::vector<std::string> items;

  bool operator==(const rating_names&) const = default;
};

} // namespace drover
