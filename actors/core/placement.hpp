#pragma once

#include "drover/messages/job.capnp.h"
#include "drover/models/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace drover {

/// For each block the shard that holds it, balanced by bytes: the largest block first, each to the shard that holds
/// least so far (Graham 1969: at most 4/3 of the best possible). The same for the same layout everywhere.
[[nodiscard]] std::vector<std::uint32_t> place_blocks(const parameter_layout& layout, std::uint32_t shards);

/// True for a job in which nothing can overlap: the only worker waits while the only shard updates, and the other way
/// round. Such a shard and worker belong in one thread: in two, every gradient and all parameters cross between two
/// cores' caches in each step.
[[nodiscard]] bool takes_turns(messages::Job::Reader job);

/// True for a shard whose update takes milliseconds: it needs a thread of its own, to hold none that others share.
[[nodiscard]] bool updates_long(std::size_t parameter_bytes);

} // namespace drover
