#include "drover/gpu/compensation_functions.hpp"
#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"

namespace drover::gpu::cpu {

DROVER_VECTOR_CLONES void compensate(float lambda, const float* gradient, const float* weights, const float* backup,
                                     float* compensated, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    compensated[i] = gpu::compensated(lambda, gradient[i], weights[i], backup[i]);
}

DROVER_VECTOR_CLONES void compensate_adaptively(float lambda, float decay, const float* gradient, const float* weights,
                                                const float* backup, float* mean_square, float* compensated,
                                                std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    compensated[i] = adaptively_compensated(lambda, decay, gradient[i], weights[i], backup[i], mean_square[i]);
}

} // namespace drover::gpu::cpu
