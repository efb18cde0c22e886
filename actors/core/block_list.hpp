#pragma once

#include "drover/messages/training.capnp.h"
#include "drover/models/layout.hpp"

#include <capnp/list.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace drover {

/// Checks the blocks of a message against those that its sender should send, and finds their floats. `expected` are
/// indices into the layout, ascending; the result has one pointer for each, into the message. Throws protocol_error,
/// whose sentence begins with `who`.
[[nodiscard]] std::vector<const float*> check_blocks(capnp::List<messages::Block>::Reader blocks,
                                                     const parameter_layout& layout,
                                                     std::span<const std::uint32_t> expected, const std::string& who);

} // namespace drover
