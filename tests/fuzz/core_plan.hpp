#pragma once

#include "drover/messages/telemetry.capnp.h"

#include "tests/core/jobs.hpp"
#include "tests/fuzz/input.hpp"

namespace drover::fuzz {

/// A small job of two tensors, its consistency, rules and number of workers chosen by the input's first three bytes.
[[nodiscard]] inline training_plan take_plan(input& in, std::uint32_t shards) {
  constexpr std::uint64_t steps_per_epoch = 2;
  const char* modes[] = {"asp", "bsp", "ssp:0", "ssp:1", "ssp:1000000000"};
  test::small_job job{.shards = shards, .epochs = 2};
  job.consistency = modes[in.take<std::uint8_t>() % std::size(modes)];
  auto rules = in.take<std::uint8_t>();
  job.optimizer = static_cast<messages::Optimizer>(rules % 7);
  auto is_bsp = job.consistency == "bsp";
  job.compensation = static_cast<messages::Compensation>(is_bsp ? 0 : rules / 7 % 4);
  job.prefetch = !is_bsp && rules / 28 % 2 != 0;
  job.workers = 1 + in.take<std::uint8_t>() % 3;
  return test::plan_of(job, test::tensors_of({4, 33}), steps_per_epoch);
}

constexpr std::size_t plan_bytes = 3;

/// Blocks of one shard, each filled with `value`.
template <class T>
void fill_blocks(message_builder<T>& into, const training_plan& plan, std::uint32_t shard, float value) {
  auto indices = plan.blocks_of(shard);
  auto blocks = into->initBlocks(static_cast<unsigned>(indices.size()));
  for (unsigned i = 0; i < blocks.size(); ++i) {
    auto memory = std::make_shared<bulk>(plan.layout->blocks()[indices[i]].size);
    std::ranges::fill(memory->values(), value);
    blocks[i].setIndex(indices[i]);
    blocks[i].adoptValues(into.refer(memory->values(), memory));
  }
}

} // namespace drover::fuzz
