#pragma once

#include "drover/messages/telemetry.capnp.h"

#include "tests/core/jobs.hpp"
#include "tests/fuzz/input.hpp"

namespace drover::fuzz {

/// One of four models: dense tensors alone, a sparse table alone, two of them with the same keys and users and items,
/// these with different widths and dense tensors beside them.
[[nodiscard]] inline std::vector<tensor_spec> model_of(std::uint8_t number) {
  constexpr std::size_t features = 200, users = 9, items = 14;
  initializer anywhere{initializer::kind::normal, 1.0f};
  switch (number % 4) {
  case 0:
    return test::tensors_of({4, 33});
  case 1:
    return {{"weight", {features}, anywhere, true, row_owner::feature}};
  case 2:
    return {{"weight", {features, 3}, anywhere, true, row_owner::feature},
            {"bias", {2}, {}},
            {"rate", {features}, anywhere, true, row_owner::feature}};
  default:
    return {{"mean", {1}, {}},
            {"user.bias", {users}, {}, true, row_owner::user},
            {"item.bias", {items}, {}, true, row_owner::item},
            {"user.factors", {users, 3}, anywhere, true, row_owner::user},
            {"item.factors", {items, 3}, anywhere, true, row_owner::item}};
  }
}

/// A small job; the input's first five bytes choose its consistency, rules, number of workers, model, and what becomes
/// of rows of sparse tables.
[[nodiscard]] inline training_plan take_plan(input& in, std::uint32_t shards) {
  constexpr std::uint64_t steps_per_epoch = 2;
  const char* modes[] = {"asp", "bsp", "ssp:0", "ssp:1", "ssp:1000000000"};
  constexpr std::uint64_t table_bytes[] = {0, 700, 4000, 1};
  test::small_job job{.shards = shards, .epochs = 2};
  job.consistency = modes[in.take<std::uint8_t>() % std::size(modes)];
  auto rules = in.take<std::uint8_t>();
  job.workers = 1 + in.take<std::uint8_t>() % 3;
  auto model = model_of(in.take<std::uint8_t>());
  auto rows = in.take<std::uint8_t>();
  auto is_bsp = job.consistency == "bsp";
  job.tables = true;
  job.optimizer = static_cast<messages::Optimizer>(rules % 7);
  // What needs to know what each worker read is not for tables.
  auto has_tables = std::ranges::any_of(model, [](const auto& one) { return one.rows_of != row_owner::all; });
  job.compensation = static_cast<messages::Compensation>(is_bsp ? 0 : rules / 7 % (has_tables ? 2 : 4));
  job.prefetch = !is_bsp && rules / 28 % 2 != 0;
  job.admit_after = 1 + rows % 3;
  job.table_bytes = table_bytes[rows / 3 % std::size(table_bytes)];
  if (is_bsp && rows / 12 % 2 != 0)
    job.table_consistency = "asp";
  return test::plan_of(job, std::move(model), steps_per_epoch);
}

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
