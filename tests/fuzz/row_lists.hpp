#pragma once

#include "drover/actors/core/sent_rows.hpp"
#include "drover/actors/core/training_plan.hpp"

#include "tests/fuzz/input.hpp"
#include <algorithm>
#include <span>
#include <vector>

namespace drover::fuzz {

/// How many rows each key space of the plan's model has.
[[nodiscard]] inline std::vector<std::uint64_t> rows_of_spaces(const training_plan& plan) {
  std::vector<std::uint64_t> result(plan.layout->key_spaces());
  for (const auto& table : plan.layout->tables())
    result[table.key_space] = table.rows;
  return result;
}

/// Up to 16 keys of a key space with so many rows, as a step may list them.
[[nodiscard]] inline std::vector<std::uint64_t> take_keys(input& in, std::uint64_t rows) {
  std::uint64_t first = in.take<std::uint8_t>();
  auto chosen = in.take<std::uint16_t>();
  std::vector<std::uint64_t> result;
  for (unsigned i = 0; i < 16; ++i)
    if ((chosen >> i) % 2 != 0)
      result.push_back((first + i) % rows);
  std::ranges::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

[[nodiscard]] inline signed_keys sign(std::vector<std::uint64_t> keys) {
  auto signature = signature_of(keys);
  return {std::make_shared<const std::vector<std::uint64_t>>(std::move(keys)), signature};
}

/// The keys among them of one shard.
[[nodiscard]] inline signed_keys part_of(std::vector<std::uint64_t> keys, std::uint32_t shard, std::uint32_t shards) {
  std::erase_if(keys, [&](std::uint64_t key) { return shard_of_key(key, shards) != shard; });
  return sign(std::move(keys));
}

[[nodiscard]] inline std::vector<std::size_t> counts_of(std::span<const signed_keys> lists) {
  std::vector<std::size_t> result;
  for (const auto& list : lists)
    result.push_back(list.keys->size());
  return result;
}

/// Rows of these keys, one piece of memory a table, each filled with `value`.
[[nodiscard]] inline std::vector<shared_bulk> rows_for(const training_plan& plan,
                                                       std::span<const std::size_t> keys_of_spaces, float value) {
  std::vector<shared_bulk> result;
  for (const auto& table : plan.layout->tables()) {
    auto count = keys_of_spaces[table.key_space];
    auto memory = count == 0 ? nullptr : std::make_shared<bulk>(count * table.width);
    if (memory)
      std::ranges::fill(memory->values(), value);
    result.push_back(std::move(memory));
  }
  return result;
}

} // namespace drover::fuzz
