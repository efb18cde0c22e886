#pragma once

#include "drover/gpu/devices.hpp"

#include <memory>

/// The GPUs that this build knows how to use: one implementation is linked, of a toolkit or of none.
namespace drover::gpu::backend {

/// In the order of their indices. Never throws for what a driver says.
[[nodiscard]] found_devices find_gpus(bool asks_memory);

/// One that find_gpus showed without a problem. Throws `error`.
[[nodiscard]] std::unique_ptr<device> make_gpu(int index, const device_options& options);

} // namespace drover::gpu::backend
