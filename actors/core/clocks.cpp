#include "drover/actors/core/clocks.hpp"

namespace drover {

std::optional<std::uint64_t> clock_table::of(std::uint32_t worker) const {
  auto found = clocks_.find(worker);
  if (found == clocks_.end())
    return std::nullopt;
  return found->second;
}

void clock_table::join(std::uint32_t worker, std::uint64_t clock) {
  retire(worker);
  clocks_[worker] = clock;
  ++members_at_[clock];
}

void clock_table::retire(std::uint32_t worker) {
  auto found = clocks_.find(worker);
  if (found == clocks_.end())
    return;
  auto at = members_at_.find(found->second);
  if (--at->second == 0)
    members_at_.erase(at);
  clocks_.erase(found);
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
