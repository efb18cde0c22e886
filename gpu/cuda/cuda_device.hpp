#pragma once

#include "drover/gpu/devices.hpp"

#include <memory>

namespace drover::gpu::cuda {

/// The GPU of that index among those that CUDA shows. Throws cuda_error.
[[nodiscard]] std::unique_ptr<device> make_cuda_device(int index, const device_options& options);

} // namespace drover::gpu::cuda
