#include "drover/gpu/activation_functions.hpp"
#include "drover/gpu/cuda/error.hpp"
#include "drover/gpu/cuda/kernels.hpp"
#include "drover/gpu/cuda/launch.hpp"

#include <algorithm>

namespace drover::gpu::cuda {

namespace {

// A block is a strip of neighbouring columns, so that a warp reads consecutive floats, and some rows at once.
constexpr unsigned strip_columns = 32;
constexpr unsigned strip_rows = threads_per_block / strip_columns;
// Rows that one block sums: few, so that many blocks have work where a layer is narrow.
constexpr std::size_t chunk_rows = 64;
// What the grid's second dimension takes.
constexpr std::size_t chunks_max = 65535;

template <class Function>
__global__ void forward_kernel(float* values, const float* bias, float* kept, std::size_t size, std::size_t columns) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < size; i += gridDim.x * blockDim.x) {
    float input = values[i] + bias[i % columns];
    if (kept != nullptr)
      kept[i] = input;
    values[i] = Function::forward(input);
  }
}

// gradient times slope, and for each chunk of rows the sums of its columns.
template <class Function>
__global__ void backward_kernel(float* gradient, const float* known, float* sums, std::size_t rows, std::size_t columns,
                                std::size_t rows_per_chunk) {
  std::size_t column = blockIdx.x * std::size_t{strip_columns} + threadIdx.x;
  std::size_t first = blockIdx.y * rows_per_chunk;
  std::size_t last = min(first + rows_per_chunk, rows);
  float sum = 0;
  if (column < columns)
    for (std::size_t row = first + threadIdx.y; row < last; row += strip_rows) {
      auto i = row * columns + column;
      float slope = known != nullptr ? Function::slope(known[i]) : 1.0f;
      float changed = gradient[i] * slope;
      gradient[i] = changed;
      sum += changed;
    }
  __shared__ float parts[strip_rows][strip_columns];
  parts[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y != 0 || column >= columns)
    return;
  for (unsigned row = 1; row < strip_rows; ++row)
    sum += parts[row][threadIdx.x];
  sums[blockIdx.y * columns + column] = sum;
}

__global__ void column_sums_kernel(const float* sums, float* bias_gradient, std::size_t chunks, std::size_t columns) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < columns; i += gridDim.x * blockDim.x) {
    float sum = 0;
    for (std::size_t chunk = 0; chunk < chunks; ++chunk)
      sum += sums[chunk * columns + i];
    bias_gradient[i] = sum;
  }
}

std::size_t chunks_of(std::size_t rows) {
  return std::clamp<std::size_t>((rows + chunk_rows - 1) / chunk_rows, 1, chunks_max);
}

} // namespace

void bias_activation(cudaStream_t order, const bias_activation_arguments& with) {
  auto size = with.values.size();
  auto* kept = with.kept_inputs.empty() ? nullptr : with.kept_inputs.data();
  with_functions(with.function, [&](auto function) {
    forward_kernel<decltype(function)><<<blocks_for(size), threads_per_block, 0, order>>>(
        with.values.data(), with.bias.data(), kept, size, with.columns);
  });
  check_launch("bias_activation");
}

std::size_t activation_backward_scratch(std::size_t rows, std::size_t columns) {
  return chunks_of(rows) * columns;
}

void activation_backward(cudaStream_t order, const activation_backward_arguments& with, float* scratch) {
  auto chunks = chunks_of(with.rows);
  auto rows_per_chunk = (with.rows + chunks - 1) / chunks;
  auto strips = static_cast<unsigned>((with.columns + strip_columns - 1) / strip_columns);
  with_functions(with.function, [&](auto function) {
    using functions = decltype(function);
    const float* known = functions::reads_input ? with.kept_inputs.data() : with.outputs.data();
    if (with.function == activation::identity)
      known = nullptr;
    backward_kernel<functions>
        <<<dim3(strips, static_cast<unsigned>(chunks)), dim3(strip_columns, strip_rows), 0, order>>>(
            with.gradient.data(), known, scratch, with.rows, with.columns, rows_per_chunk);
  });
  check_launch("activation_backward");
  column_sums_kernel<<<blocks_for(with.columns), threads_per_block, 0, order>>>(scratch, with.bias_gradient.data(),
                                                                                chunks, with.columns);
  check_launch("activation_backward");
}

} // namespace drover::gpu::cuda
