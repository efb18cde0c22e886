#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"

#include <cmath>

namespace drover::gpu::cpu {

DROVER_VECTOR_CLONES void compensate(float lambda, const float* gradient, const float* weights, const float* backup,
                                     float* compensated, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i) {
    float g = gradient[i];
    compensated[i] = g + lambda * g * g * (weights[i] - backup[i]);
  }
}

DROVER_VECTOR_CLONES void compensate_adaptively(float lambda, float decay, const float* gradient, const float* weights,
                                                const float* backup, float* mean_square, float* compensated,
                                                std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i) {
    float g = gradient[i];
    float square = decay * mean_square[i] + (1 - decay) * g * g;
    mean_square[i] = square;
    compensated[i] = g + lambda / std::sqrt(square + 1e-7f) * g * g * (weights[i] - backup[i]);
  }
}

} // namespace drover::gpu::cpu
