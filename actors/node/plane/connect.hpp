#pragma once

#include "drover/actors/node/plane/connection.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace drover::plane {

struct connect_options {
  std::chrono::milliseconds timeout{5000}; ///< for all of it
  way best = way::shared_memory;           ///< no better way than this is tried
};

/// Connects to the listener at `host` and `port`, by the best way there is. `number`: what this process is known by.
/// Blocks. Throws connection_lost, with a sentence that says where.
[[nodiscard]] connection connect(const std::string& host, std::uint16_t port, const identity& own, side which,
                                 std::uint64_t number, const connect_options& options = {});

} // namespace drover::plane
