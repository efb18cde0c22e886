#pragma once

#include "drover/actors/sim/cluster.hpp"
#include "drover/actors/sim/random.hpp"

#include <cstdint>

namespace drover::sim {

/// How long members' work takes on a machine. Pure functions of their arguments; at least one nanosecond each where
/// there is work, so that time never stands still.

/// One training step that begins at `begun` and has a core to itself, on a machine with so many workers. The draw is
/// from the member's own stream: what others do never changes it. A step that begins or ends within a slow part of the
/// machine's period is slow for that part of it only.
[[nodiscard]] nanoseconds step_duration(const machine& on, std::uint32_t workers, nanoseconds begun,
                                        random_stream& draws);

/// The receiver's work for one message, its bytes aside.
[[nodiscard]] inline nanoseconds handle_duration(const machine& on) {
  return on.message_cost;
}

/// A shard's work to apply gradients of so many bytes.
[[nodiscard]] nanoseconds apply_duration(const machine& on, std::uint64_t bytes);

/// Fetching so many bytes that another thread or machine wrote.
[[nodiscard]] nanoseconds copy_duration(const machine& on, std::uint64_t bytes);

} // namespace drover::sim
