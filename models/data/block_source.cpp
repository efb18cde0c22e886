#include "drover/models/data/block_source.hpp"

#include "drover/models/random.hpp"

#include <utility>

namespace drover {

block_source::block_source(std::shared_ptr<const dataset> data, std::shared_ptr<const rating_blocks> blocks,
                           std::uint64_t seed, std::size_t user_part)
    : data_(std::move(data)), blocks_(std::move(blocks)), seed_(seed), user_part_(user_part) {}

batch block_source::at(std::size_t item_part, std::uint64_t round) {
  auto block = blocks_->block(user_part_, item_part);
  places_.assign(block.begin(), block.end());
  permute(places_, random_bits::key(seed_, "block", round, user_part_ * blocks_->item_parts() + item_part));
  return {.samples = places_, .ratings = data_->ratings()};
}

} // namespace drover
