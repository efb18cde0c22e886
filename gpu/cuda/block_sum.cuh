#pragma once

#include "drover/gpu/cuda/launch.hpp"

namespace drover::gpu::cuda {

/// The sum over a block of threads_per_block threads, always in the same order.
template <class Value>
__device__ Value block_sum(Value mine) {
  __shared__ Value values[threads_per_block];
  values[threadIdx.x] = mine;
  __syncthreads();
  for (unsigned half = threads_per_block / 2; half > 0; half /= 2) {
    if (threadIdx.x < half)
      values[threadIdx.x] += values[threadIdx.x + half];
    __syncthreads();
  }
  Value sum = values[0];
  __syncthreads(); // before the memory is used again
  return sum;
}

} // namespace drover::gpu::cuda
