#include "drover/actors/core/shard_core.hpp"

// What a shard gives away of its memory: blocks that messages share, or in place the memory itself.

namespace drover {

std::span<const std::uint32_t> shard_core::carried() const {
  return std::span{blocks_}.first(rules_.reads->in_place() ? 0 : blocks_.size());
}

std::vector<lent_block> shard_core::lend_carried() {
  std::vector<lent_block> lent;
  lent.reserve(carried().size());
  for (std::size_t i = 0; i < carried().size(); ++i)
    lent.push_back(store_.lend(i));
  return lent;
}

std::vector<lent_block> shard_core::lend_snapshot() {
  if (!rules_.reads->in_place())
    return lend_carried();
  std::vector<lent_block> copies;
  copies.reserve(store_.size());
  for (std::size_t i = 0; i < store_.size(); ++i)
    copies.push_back(store_.copy(i));
  return copies;
}

} // namespace drover
