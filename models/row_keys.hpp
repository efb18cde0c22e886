#pragma once

#include "drover/models/random.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// Keys of rows of sparse tables, ascending, each once. Immutable; may be read from any thread.
using row_keys = std::shared_ptr<const std::vector<std::uint64_t>>;

/// The shard that holds the row of a key. Depends on nothing else, so that everybody finds it.
[[nodiscard]] inline std::uint32_t shard_of_key(std::uint64_t key, std::uint32_t shards) {
  return shards == 1 ? 0 : static_cast<std::uint32_t>(random_bits::mix(key) % shards);
}

/// Stands for a list of keys where it was sent before (Li et al. 2014, section 3.3, key caching). Lists that differ
/// have the same one by chance of 1 in 2^64 alone.
[[nodiscard]] std::uint64_t signature_of(std::span<const std::uint64_t> keys);

} // namespace drover
