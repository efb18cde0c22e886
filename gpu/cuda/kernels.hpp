#pragma once

#include "drover/gpu/device.hpp"

#include <cstddef>
#include <cstdint>
#include <cuda_runtime_api.h>
#include <span>

// What kernels do, launched on a stream: arguments have been checked, memory is the device's. One operation a file; its
// reference is the function of the same name in gpu/cpu/.

namespace drover::gpu::cuda {

void fill(cudaStream_t order, std::span<float> values, float value);
void accumulate(cudaStream_t order, std::span<const float> addend, std::span<float> sum);
void scale(cudaStream_t order, std::span<float> values, float factor);

/// Doubles that squared_norm needs to work with.
inline constexpr std::size_t squared_norm_scratch = 1024;
/// *result = sum of squares; the same bits each time. All in device memory.
void squared_norm(cudaStream_t order, std::span<const float> values, double* scratch, double* result);

void bias_activation(cudaStream_t order, const bias_activation_arguments& with);

/// Floats that activation_backward needs to work with.
[[nodiscard]] std::size_t activation_backward_scratch(std::size_t rows, std::size_t columns);
void activation_backward(cudaStream_t order, const activation_backward_arguments& with, float* scratch);

/// `labels` and `result` in device memory. `row_losses`: rows doubles, `row_hits`: rows integers.
void softmax_cross_entropy(cudaStream_t order, const cross_entropy_arguments& with, const std::uint32_t* labels,
                           double* row_losses, std::uint32_t* row_hits, cross_entropy_result* result);

void compensate(cudaStream_t order, const compensation_arguments& with);
void compensate_adaptively(cudaStream_t order, const adaptive_compensation_arguments& with);

void update(cudaStream_t order, const update_arguments& with);

} // namespace drover::gpu::cuda
