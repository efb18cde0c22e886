#include "drover/actors/listed_batches.hpp"

#include <utility>

namespace drover {

namespace {

constexpr std::size_t kept_max = 2;

} // namespace

std::vector<row_keys> listed_batches::list(std::uint64_t clock, const slice_lease& lease) {
  // What another life listed and did not compute.
  if (listed_.size() >= kept_max)
    listed_.clear();
  auto keys = listed_.try_emplace(clock, batches_.at(clock, lease), *layout_).first->second.keys();
  return {keys.begin(), keys.end()};
}

compact_batch listed_batches::take(std::uint64_t clock, const slice_lease& lease) {
  if (auto found = listed_.extract(clock))
    return std::move(found.mapped());
  return {batches_.at(clock, lease), *layout_};
}

} // namespace drover
