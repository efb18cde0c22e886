#pragma once

#include "drover/gpu/operations.hpp"
#include "drover/gpu/update/element_update.hpp"

#include <cstddef>
#include <cstdint>

/// The loops of the CPU device. Pointers may be equal where the operation allows it, else memory does not overlap;
/// sizes were checked.
namespace drover::gpu::cpu {

void gemm(const gemm_arguments& with);

void accumulate(const float* addend, float* sum, std::size_t size);
void scale(float* values, float factor, std::size_t size);
double squared_norm(const float* values, std::size_t size);

/// `kept` may be null.
void bias_activation(activation function, float* values, const float* bias, float* kept, std::size_t rows,
                     std::size_t columns);
void activation_backward(activation function, float* gradient, const float* outputs, const float* kept,
                         float* bias_gradient, std::size_t rows, std::size_t columns);

/// `gradient` is scratch where no gradient is wanted.
cross_entropy_result softmax_cross_entropy(const float* logits, const std::uint32_t* labels, float* gradient,
                                           std::size_t rows, std::size_t columns);

void compensate(float lambda, const float* gradient, const float* weights, const float* backup, float* compensated,
                std::size_t size);
void compensate_adaptively(float lambda, float decay, const float* gradient, const float* weights, const float* backup,
                           float* mean_square, float* compensated, std::size_t size);

void update_sgd(sgd_update rule, const float* before, const float* gradient, float* after, std::size_t size);
void update_momentum(momentum_update rule, const float* before, const float* gradient, float* after, float* velocity,
                     std::size_t size);
void update_nesterov(nesterov_update rule, const float* before, const float* gradient, float* after, float* velocity,
                     std::size_t size);
void update_adagrad(adagrad_update rule, const float* before, const float* gradient, float* after, float* squares,
                    std::size_t size);
void update_rmsprop(rmsprop_update rule, const float* before, const float* gradient, float* after, float* squares,
                    std::size_t size);
void update_adam(adam_update rule, const float* before, const float* gradient, float* after, float* first,
                 float* second, std::size_t size);
void update_adamw(adamw_update rule, const float* before, const float* gradient, float* after, float* first,
                  float* second, std::size_t size);
void update_ftrl(ftrl_update rule, const float* before, const float* gradient, float* after, float* sums,
                 float* squares, std::size_t size);

} // namespace drover::gpu::cpu
