#include "drover/actors/core/training_plan.hpp"

#include "drover/actors/core/placement.hpp"

#include <stdexcept>
#include <string>

namespace drover {

training_plan training_plan::of(messages::Job::Reader job, std::shared_ptr<const parameter_layout> layout,
                                std::uint64_t steps_per_epoch) {
  auto blocks = layout->blocks().size();
  auto has_tables = !layout->tables().empty();
  if (job.getShards() > blocks && !has_tables)
    throw std::invalid_argument("shards: " + std::to_string(job.getShards()) + " are too many: the model has " +
                                std::to_string(blocks) + " blocks of at most " + std::to_string(job.getBlockBytes()) +
                                " bytes, and a shard holds at least one; fewer shards or a smaller blockBytes fit");
  if (steps_per_epoch == 0)
    throw std::invalid_argument("the data have fewer samples than one step of all workers takes");
  message_builder<messages::Job> copy{job};
  return {.job = copy.finish(),
          .layout = layout,
          .whole = has_tables ? std::make_shared<const parameter_layout>(layout->dense()) : layout,
          .shard_of_block = place_blocks(*layout, job.getShards()),
          .steps_per_epoch = steps_per_epoch,
          .steps = steps_per_epoch * job.getEpochs()};
}

std::vector<std::uint32_t> training_plan::blocks_of(std::uint32_t shard) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t block = 0; block < shard_of_block.size(); ++block)
    if (shard_of_block[block] == shard)
      result.push_back(block);
  return result;
}

std::size_t training_plan::bytes_of(std::uint32_t shard) const {
  std::size_t result = 0;
  for (auto block : blocks_of(shard))
    result += layout->blocks()[block].size * sizeof(float);
  for (const auto& table : layout->tables())
    result += table.rows * table.width * sizeof(float) / job.read()->getShards();
  return result;
}

} // namespace drover
