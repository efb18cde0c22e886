#include "drover/actors/core/clocks.hpp"

#include <algorithm>

namespace drover {

std::optional<std::uint64_t> clock_table::of(std::uint32_t worker) const {
  auto found = clocks_.find(worker);
  if (found == clocks_.end())
    return std::nullopt;
  return found->second;
}

std::uint64_t clock_table::min() const {
  auto result = nobody;
  for (const auto& [worker, clock] : clocks_)
    result = std::min(result, clock);
  return result;
}

std::vector<std::uint32_t> clock_table::members() const {
  return behind(nobody);
}

std::vector<std::uint32_t> clock_table::behind(std::uint64_t clock) const {
  std::vector<std::uint32_t> result;
  for (const auto& [worker, completed] : clocks_)
    if (completed < clock)
      result.push_back(worker);
  return result;
}

} // namespace drover
