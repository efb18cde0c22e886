#pragma once

#include <algorithm>
#include <cstddef>

namespace drover::gpu::cuda {

inline constexpr unsigned threads_per_block = 256;

/// Blocks for a loop over so many elements in which each thread goes on by the size of the grid. Enough to fill any
/// device there is; more would only cost their start.
[[nodiscard]] inline unsigned blocks_for(std::size_t elements) {
  constexpr std::size_t blocks_max = 4096;
  return static_cast<unsigned>(
      std::clamp<std::size_t>((elements + threads_per_block - 1) / threads_per_block, 1, blocks_max));
}

} // namespace drover::gpu::cuda
