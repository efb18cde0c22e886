#include "drover/gpu/cuda/block_sum.cuh"
#include "drover/gpu/cuda/error.hpp"
#include "drover/gpu/cuda/kernels.hpp"

#include <algorithm>

namespace drover::gpu::cuda {

namespace {

__global__ void squares_kernel(const float* values, std::size_t size, double* sums) {
  double sum = 0;
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x)
    sum += double{values[i]} * double{values[i]};
  sum = block_sum(sum);
  if (threadIdx.x == 0)
    sums[blockIdx.x] = sum;
}

__global__ void total_kernel(const double* sums, unsigned count, double* result) {
  double sum = 0;
  for (unsigned i = threadIdx.x; i < count; i += blockDim.x)
    sum += sums[i];
  sum = block_sum(sum);
  if (threadIdx.x == 0)
    *result = sum;
}

} // namespace

void squared_norm(cudaStream_t order, std::span<const float> values, double* scratch, double* result) {
  auto blocks = std::min(blocks_for(values.size()), static_cast<unsigned>(squared_norm_scratch));
  squares_kernel<<<blocks, threads_per_block, 0, order>>>(values.data(), values.size(), scratch);
  check_launch("squared_norm");
  total_kernel<<<1, threads_per_block, 0, order>>>(scratch, blocks, result);
  check_launch("squared_norm");
}

} // namespace drover::gpu::cuda
