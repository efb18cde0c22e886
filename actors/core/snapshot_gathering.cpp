#include "drover/actors/core/snapshot_gathering.hpp"

#include "drover/actors/core/block_list.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/models/row_keys.hpp"
#include "drover/models/slab_lookup.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace drover {

snapshot_gathering::snapshot_gathering(const training_plan& plan, std::uint64_t request)
    : request_(request), blocks_(plan.layout->blocks().size()),
      missing_(plan.shard_of_block.begin(), plan.shard_of_block.end()) {
  if (plan.layout->tables().empty())
    return;
  for (std::uint32_t shard = 0; shard < plan.job.read()->getShards(); ++shard)
    missing_.insert(shard);
  whole_ = std::make_shared<bulk>(plan.whole->flat_size());
  auto seed = plan.job.read()->getSeed();
  for (std::size_t block = 0; block < plan.whole->blocks().size(); ++block)
    initialize(*plan.whole, block, seed, whole_->values().data() + plan.whole->blocks()[block].offset);
}

void snapshot_gathering::take(const message<messages::SnapshotTaken>& answer, const training_plan& plan) {
  auto view = answer.read();
  auto shard = view->getShard();
  if (view->getRequest() != request_ || !missing_.contains(shard))
    return;
  auto expected = plan.blocks_of(shard);
  auto blocks = check_blocks(view->getBlocks(), *plan.layout, expected, "shard " + std::to_string(shard));
  for (std::size_t i = 0; i < expected.size(); ++i)
    blocks_[expected[i]] = blocks[i];
  if (whole_)
    take_rows(view->getRows(), shard, plan);
  owners_.push_back(answer.shared_segments());
  missing_.erase(shard);
}

void snapshot_gathering::take_rows(capnp::List<messages::Rows>::Reader rows, std::uint32_t shard,
                                   const training_plan& plan) {
  auto who = "shard " + std::to_string(shard);
  auto pointers = block_pointers(*plan.whole, whole_->values().data());
  for (auto piece : rows) {
    if (piece.getTable() >= plan.layout->tables().size())
      throw protocol_error(who + " sent rows of table " + std::to_string(piece.getTable()) + " of " +
                           std::to_string(plan.layout->tables().size()));
    const auto& table = plan.layout->tables()[piece.getTable()];
    // Each once: to look it up counts as reading it, of which there is a limit.
    auto keys = piece.getKeys();
    auto values = piece.getValues();
    auto row_bytes = table.width * sizeof(float);
    auto count = keys.size() / sizeof(std::uint64_t);
    if (keys.size() % sizeof(std::uint64_t) != 0 || values.size() != count * row_bytes)
      throw protocol_error(who + " sent " + std::to_string(keys.size()) + " bytes of keys and " +
                           std::to_string(values.size()) + " of rows, which do not belong together");
    slab_lookup to{mutable_parameters{*plan.whole, pointers}, table.tensor};
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t key = 0;
      std::memcpy(&key, keys.begin() + i * sizeof key, sizeof key);
      if (key >= table.rows || shard_of_key(key, plan.job.read()->getShards()) != shard)
        throw protocol_error(who + " sent row " + std::to_string(key) + " of a table of " + std::to_string(table.rows) +
                             ", which it does not have");
      std::memcpy(&to[static_cast<std::uint32_t>(key)], values.begin() + i * row_bytes, row_bytes);
    }
  }
}

model_snapshot snapshot_gathering::finish(const training_plan& plan) {
  if (!whole_)
    return {plan.layout, std::move(blocks_), std::move(owners_)};
  // A dense tensor is cut in the same way with tables beside it.
  for (std::size_t tensor = 0; tensor < plan.whole->tensors().size(); ++tensor) {
    auto from = plan.layout->slabs_of(tensor);
    auto to = plan.whole->slabs_of(tensor);
    for (std::size_t i = 0; i < from.size(); ++i)
      std::copy_n(blocks_[from[i].block] + (from[i].offset - plan.layout->blocks()[from[i].block].offset), from[i].size,
                  whole_->values().data() + to[i].offset);
  }
  std::vector<const float*> pointers;
  for (const auto& block : plan.whole->blocks())
    pointers.push_back(whole_->values().data() + block.offset);
  return {plan.whole, std::move(pointers), {whole_}};
}

} // namespace drover
