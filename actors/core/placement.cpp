#include "drover/actors/core/placement.hpp"

#include <algorithm>
#include <numeric>

namespace drover {

namespace {

constexpr std::size_t short_update_bytes_max = std::size_t{16} << 20;

} // namespace

std::vector<std::uint32_t> place_blocks(const parameter_layout& layout, std::uint32_t shards) {
  auto blocks = layout.blocks();
  std::vector<std::size_t> by_size(blocks.size());
  std::iota(by_size.begin(), by_size.end(), 0);
  std::ranges::stable_sort(by_size, [&blocks](auto a, auto b) { return blocks[a].size > blocks[b].size; });

  std::vector<std::size_t> load(shards, 0);
  std::vector<std::uint32_t> result(blocks.size());
  for (auto block : by_size) {
    auto least = std::ranges::min_element(load);
    *least += blocks[block].size;
    result[block] = static_cast<std::uint32_t>(least - load.begin());
  }
  return result;
}

bool takes_turns(messages::Job::Reader job) {
  return job.getWorkers() == 1 && job.getShards() == 1 && !job.getPrefetch();
}

bool updates_long(std::size_t parameter_bytes) {
  return parameter_bytes > short_update_bytes_max;
}

} // namespace drover
