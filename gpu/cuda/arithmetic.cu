#include "drover/gpu/cuda/error.hpp"
#include "drover/gpu/cuda/kernels.hpp"
#include "drover/gpu/cuda/launch.hpp"

namespace drover::gpu::cuda {

namespace {

__global__ void fill_kernel(float* values, float value, std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x)
    values[i] = value;
}

__global__ void accumulate_kernel(const float* addend, float* sum, std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x)
    sum[i] += addend[i];
}

__global__ void scale_kernel(float* values, float factor, std::size_t size) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x)
    values[i] *= factor;
}

} // namespace

void fill(cudaStream_t order, std::span<float> values, float value) {
  fill_kernel<<<blocks_for(values.size()), threads_per_block, 0, order>>>(values.data(), value, values.size());
  check_launch("fill");
}

void accumulate(cudaStream_t order, std::span<const float> addend, std::span<float> sum) {
  accumulate_kernel<<<blocks_for(sum.size()), threads_per_block, 0, order>>>(addend.data(), sum.data(), sum.size());
  check_launch("accumulate");
}

void scale(cudaStream_t order, std::span<float> values, float factor) {
  scale_kernel<<<blocks_for(values.size()), threads_per_block, 0, order>>>(values.data(), factor, values.size());
  check_launch("scale");
}

} // namespace drover::gpu::cuda
