#include "drover/gpu/cuda/block_sum.cuh"
#include "drover/gpu/cuda/error.hpp"
#include "drover/gpu/cuda/kernels.hpp"
#include "drover/gpu/vector_math.hpp"

#include <algorithm>

namespace drover::gpu::cuda {

namespace {

constexpr unsigned warp_threads = 32;
constexpr unsigned all_lanes = 0xffffffff;

// The best of a warp's lanes: the largest value, of equal ones the first.
__device__ void best_of_warp(float& value, std::size_t& index) {
  for (unsigned half = warp_threads / 2; half > 0; half /= 2) {
    float other = __shfl_down_sync(all_lanes, value, half);
    std::size_t where = __shfl_down_sync(all_lanes, index, half);
    if (other > value || (other == value && where < index)) {
      value = other;
      index = where;
    }
  }
  value = __shfl_sync(all_lanes, value, 0);
  index = __shfl_sync(all_lanes, index, 0);
}

__device__ double sum_of_warp(double value) {
  for (unsigned half = warp_threads / 2; half > 0; half /= 2)
    value += __shfl_down_sync(all_lanes, value, half);
  return __shfl_sync(all_lanes, value, 0);
}

// A warp a row.
__global__ void rows_kernel(const float* logits, const std::uint32_t* labels, float* gradient, double* losses,
                            std::uint32_t* hits, std::size_t rows, std::size_t columns) {
  unsigned lane = threadIdx.x % warp_threads;
  std::size_t warps = gridDim.x * std::size_t{blockDim.x} / warp_threads;
  for (std::size_t row = (blockIdx.x * std::size_t{blockDim.x} + threadIdx.x) / warp_threads; row < rows;
       row += warps) {
    const float* in = logits + row * columns;
    auto label = labels[row];
    // Lanes without a column take the first one's: it cannot win over itself.
    std::size_t best = lane < columns ? lane : 0;
    float largest = in[best];
    // What is no number wins only in the first column: as on the CPU, where it is what the others are compared with.
    if (isnan(largest)) {
      best = 0;
      largest = in[0];
    }
    for (std::size_t i = lane + std::size_t{warp_threads}; i < columns; i += warp_threads)
      if (in[i] > largest) {
        largest = in[i];
        best = i;
      }
    best_of_warp(largest, best);
    float of_label = in[label];
    double sum = 0;
    for (std::size_t i = lane; i < columns; i += warp_threads)
      sum += exponential(in[i] - largest);
    sum = sum_of_warp(sum);
    if (gradient != nullptr) {
      float* out = gradient + row * columns;
      auto factor = static_cast<float>(1 / (sum * static_cast<double>(rows)));
      __syncwarp(); // the gradient may be the logits
      for (std::size_t i = lane; i < columns; i += warp_threads) {
        float share = exponential(in[i] - largest) * factor;
        out[i] = i == label ? share - 1 / static_cast<float>(rows) : share;
      }
    }
    if (lane == 0) {
      losses[row] = log(sum) - (of_label - largest);
      hits[row] = best == label ? 1 : 0;
    }
  }
}

__global__ void total_kernel(const double* losses, const std::uint32_t* hits, std::size_t rows,
                             cross_entropy_result* result) {
  double loss = 0;
  std::uint64_t correct = 0;
  for (std::size_t row = threadIdx.x; row < rows; row += blockDim.x) {
    loss += losses[row];
    correct += hits[row];
  }
  loss = block_sum(loss);
  correct = block_sum(correct);
  if (threadIdx.x == 0)
    *result = {loss, correct};
}

} // namespace

void softmax_cross_entropy(cudaStream_t order, const cross_entropy_arguments& with, const std::uint32_t* labels,
                           double* row_losses, std::uint32_t* row_hits, cross_entropy_result* result) {
  auto* gradient = with.gradient.empty() ? nullptr : with.gradient.data();
  rows_kernel<<<blocks_for(with.rows * warp_threads), threads_per_block, 0, order>>>(
      with.logits.data(), labels, gradient, row_losses, row_hits, with.rows, with.columns);
  check_launch("softmax_cross_entropy");
  total_kernel<<<1, threads_per_block, 0, order>>>(row_losses, row_hits, with.rows, result);
  check_launch("softmax_cross_entropy");
}

} // namespace drover::gpu::cuda
