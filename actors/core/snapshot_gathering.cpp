#include "drover/actors/core/snapshot_gathering.hpp"

#include "drover/actors/core/block_list.hpp"

#include <string>

namespace drover {

snapshot_gathering::snapshot_gathering(const training_plan& plan, std::uint64_t request)
    : request_(request), blocks_(plan.layout->blocks().size()),
      missing_(plan.shard_of_block.begin(), plan.shard_of_block.end()) {}

void snapshot_gathering::take(const message<messages::SnapshotTaken>& answer, const training_plan& plan) {
  auto view = answer.read();
  auto shard = view->getShard();
  if (view->getRequest() != request_ || !missing_.contains(shard))
    return;
  auto expected = plan.blocks_of(shard);
  auto blocks = check_blocks(view->getBlocks(), *plan.layout, expected, "shard " + std::to_string(shard));
  for (std::size_t i = 0; i < expected.size(); ++i)
    blocks_[expected[i]] = blocks[i];
  owners_.push_back(answer.shared_segments());
  missing_.erase(shard);
}

model_snapshot snapshot_gathering::finish(const training_plan& plan) {
  return {plan.layout, std::move(blocks_), std::move(owners_)};
}

} // namespace drover
