#include "drover/actors/core/latest_copy.hpp"

namespace drover {

std::optional<std::size_t> latest_copy(std::span<const std::optional<copy_age>> copies) {
  std::optional<std::size_t> result;
  for (std::size_t i = 0; i < copies.size(); ++i)
    if (copies[i] && (!result || *copies[i] > *copies[*result]))
      result = i;
  return result;
}

} // namespace drover
