#pragma once

#include "drover/models/layout.hpp"

#include <cstdint>
#include <vector>

namespace drover {

/// For each block the shard that holds it, balanced by bytes: the largest block first, each to the shard that holds
/// least so far (Graham 1969: at most 4/3 of the best possible). The same for the same layout everywhere.
[[nodiscard]] std::vector<std::uint32_t> place_blocks(const parameter_layout& layout, std::uint32_t shards);

} // namespace drover
