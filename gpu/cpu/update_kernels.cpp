#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"

namespace drover::gpu::cpu {

// `omp simd` promises that no element needs another one, so that `before` may be `after` without a slower loop for the
// case that they overlap otherwise.

DROVER_VECTOR_CLONES void update_sgd(sgd_update rule, const float* before, const float* gradient, float* after,
                                     std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i]);
}

DROVER_VECTOR_CLONES void update_momentum(momentum_update rule, const float* before, const float* gradient,
                                          float* after, float* velocity, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], velocity[i]);
}

DROVER_VECTOR_CLONES void update_nesterov(nesterov_update rule, const float* before, const float* gradient,
                                          float* after, float* velocity, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], velocity[i]);
}

DROVER_VECTOR_CLONES void update_adagrad(adagrad_update rule, const float* before, const float* gradient, float* after,
                                         float* squares, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], squares[i]);
}

DROVER_VECTOR_CLONES void update_rmsprop(rmsprop_update rule, const float* before, const float* gradient, float* after,
                                         float* squares, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], squares[i]);
}

DROVER_VECTOR_CLONES void update_adam(adam_update rule, const float* before, const float* gradient, float* after,
                                      float* first, float* second, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], first[i], second[i]);
}

DROVER_VECTOR_CLONES void update_adamw(adamw_update rule, const float* before, const float* gradient, float* after,
                                       float* first, float* second, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], first[i], second[i]);
}

DROVER_VECTOR_CLONES void update_ftrl(ftrl_update rule, const float* before, const float* gradient, float* after,
                                      float* sums, float* squares, std::size_t size) {
#pragma omp simd
  for (std::size_t i = 0; i < size; ++i)
    after[i] = rule(before[i], gradient[i], sums[i], squares[i]);
}

} // namespace drover::gpu::cpu
