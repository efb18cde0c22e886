#include "drover/gpu/compensation_functions.hpp"
#include "drover/gpu/cuda/error.hpp"
#include "drover/gpu/cuda/kernels.hpp"
#include "drover/gpu/cuda/launch.hpp"

namespace drover::gpu::cuda {

namespace {

__global__ void compensate_kernel(float lambda, const float* gradient, const float* weights, const float* backup,
                                  float* result, std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x)
    result[i] = compensated(lambda, gradient[i], weights[i], backup[i]);
}

__global__ void compensate_adaptively_kernel(float lambda, float decay, const float* gradient, const float* weights,
                                             const float* backup, float* mean_square, float* result, std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x)
    result[i] = adaptively_compensated(lambda, decay, gradient[i], weights[i], backup[i], mean_square[i]);
}

} // namespace

void compensate(cudaStream_t order, const compensation_arguments& with) {
  auto size = with.gradient.size();
  compensate_kernel<<<blocks_for(size), threads_per_block, 0, order>>>(
      with.lambda, with.gradient.data(), with.weights.data(), with.backup.data(), with.compensated.data(), size);
  check_launch("compensate");
}

void compensate_adaptively(cudaStream_t order, const adaptive_compensation_arguments& with) {
  auto size = with.gradient.size();
  compensate_adaptively_kernel<<<blocks_for(size), threads_per_block, 0, order>>>(
      with.lambda, with.decay, with.gradient.data(), with.weights.data(), with.backup.data(), with.mean_square.data(),
      with.compensated.data(), size);
  check_launch("compensate");
}

} // namespace drover::gpu::cuda
