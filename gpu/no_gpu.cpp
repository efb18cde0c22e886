#include "drover/gpu/backend.hpp"

#include <stdexcept>

namespace drover::gpu::backend {

found_devices find_gpus(bool) {
  return {.devices = {}, .note = "this drover was built without CUDA"};
}

std::unique_ptr<device> make_gpu(int, const device_options&) {
  throw std::logic_error("a GPU was asked for that was not there");
}

} // namespace drover::gpu::backend
