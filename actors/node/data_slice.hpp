#pragma once

#include "drover/messages/message.hpp"
#include "drover/messages/nodes.capnp.h"
#include "drover/models/data/dataset.hpp"

#include <cstddef>
#include <cstdint>

namespace drover {

/// What a slice of data takes at most, unless one sample takes more. A connection whose peer is not heard of for thirty
/// seconds is given up, and a message counts only when all of it is there: at 1 MiB a link of 1 Mbit/s is enough.
inline constexpr std::size_t slice_bytes_max = std::size_t{1} << 20;
/// What one sample takes at most, with its label.
inline constexpr std::size_t sent_sample_bytes_max = std::size_t{8} << 20;

/// Throws std::invalid_argument with a sentence where a sample is too large to be sent.
void check_sendable(const dataset& data);

/// The samples from this one on, as many as fit. Throws std::invalid_argument with a sentence where there is none.
[[nodiscard]] message<messages::DataSlice> slice_of(const dataset& data, std::uint64_t first);

} // namespace drover
