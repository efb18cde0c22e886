#pragma once

#include "drover/messages/telemetry.capnp.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace drover::cli {

/// Rows that are shown; a job of many members has too many to read.
constexpr std::size_t staleness_rows_max = 24;

/// One row for each shard and worker: updates, mean, largest staleness, the bound, and how often each staleness
/// occurred, drawn small.
void print_staleness(std::ostream& out, messages::Summary::Reader summary);

/// Largest staleness with which any update was applied.
[[nodiscard]] std::uint64_t staleness_observed(messages::Summary::Reader summary);

/// The bound that was promised; nothing where there is none.
[[nodiscard]] std::optional<std::uint64_t> staleness_promised(messages::Summary::Reader summary);

/// Counts as bars of eight heights, neighbours together where there are more than `columns` of them.
[[nodiscard]] std::string sparkline(const std::vector<std::uint64_t>& counts, std::size_t columns);

} // namespace drover::cli
