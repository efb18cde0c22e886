#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"

namespace drover::gpu::cpu {

DROVER_VECTOR_CLONES void accumulate(const float* addend, float* sum, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    sum[i] += addend[i];
}

DROVER_VECTOR_CLONES void scale(float* values, float factor, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    values[i] *= factor;
}

DROVER_VECTOR_CLONES double squared_norm(const float* values, std::size_t size) {
  // A fixed number of partial sums, whatever the vector width, so that the bits do not depend on the processor.
  constexpr std::size_t lanes = 16;
  double partial[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= size; i += lanes)
#pragma omp simd
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      double value = values[i + lane];
      partial[lane] += value * value;
    }
  for (std::size_t lane = 0; i < size; ++i, ++lane)
    partial[lane] += static_cast<double>(values[i]) * values[i];
  for (std::size_t step = lanes / 2; step != 0; step /= 2)
    for (std::size_t lane = 0; lane < step; ++lane)
      partial[lane] += partial[lane + step];
  return partial[0];
}

} // namespace drover::gpu::cpu
