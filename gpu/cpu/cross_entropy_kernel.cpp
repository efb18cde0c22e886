#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"
#include "drover/gpu/vector_math.hpp"

#include <cmath>

namespace drover::gpu::cpu {

DROVER_VECTOR_CLONES cross_entropy_result softmax_cross_entropy(const float* logits, const std::uint32_t* labels,
                                                                float* gradient, std::size_t rows,
                                                                std::size_t columns) {
  cross_entropy_result result;
  for (std::size_t row = 0; row < rows; ++row) {
    const float* in = logits + row * columns;
    float* out = gradient + row * columns;
    std::size_t best = 0;
    for (std::size_t i = 1; i < columns; ++i)
      if (in[i] > in[best])
        best = i;
    float largest = in[best];
    result.correct += best == labels[row];
    result.loss_sum -= in[labels[row]] - largest;
#pragma omp simd
    for (std::size_t i = 0; i < columns; ++i)
      out[i] = in[i] - largest;
  }
  // One loop over all rows: a row of few classes would not fill a vector.
#pragma omp simd
  for (std::size_t i = 0; i < rows * columns; ++i)
    gradient[i] = exponential(gradient[i]);
  for (std::size_t row = 0; row < rows; ++row) {
    float* out = gradient + row * columns;
    double sum = 0;
    for (std::size_t i = 0; i < columns; ++i)
      sum += out[i];
    result.loss_sum += std::log(sum);
    auto factor = static_cast<float>(1 / (sum * static_cast<double>(rows)));
#pragma omp simd
    for (std::size_t i = 0; i < columns; ++i)
      out[i] *= factor;
    out[labels[row]] -= 1 / static_cast<float>(rows);
  }
  return result;
}

} // namespace drover::gpu::cpu
