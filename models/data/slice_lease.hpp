#pragma once

#include <cstdint>
#include <vector>

namespace drover {

/// What a worker takes of each step's samples beside its own slice: a piece of the slice of each worker that was lost.
/// Those that train have the other pieces.
struct slice_lease {
  struct lost_slice {
    std::uint32_t slice = 0; ///< of the batch_options' count
    std::uint64_t from = 0;  ///< first step that its own worker did not complete
  };
  std::vector<lost_slice> slices;
  std::uint32_t piece = 0;  ///< below `pieces`
  std::uint32_t pieces = 1; ///< workers that share them; at least 1
};

} // namespace drover
