#pragma once

#include <cstdint>

namespace drover {

/// The block of ratings that a step of dsgd or nomad is for: those of the worker's own part of the users and of this
/// part of the items.
struct block_turn {
  std::uint32_t item_part = 0;
  std::uint64_t round = 0;         ///< how often the block was worked on before
  std::uint64_t schedule_step = 0; ///< where it is in the schedule of learning rates
};

} // namespace drover
