#include "drover/gpu/backend.hpp"

#include "drover/gpu/cuda/cuda_device.hpp"
#include "drover/gpu/cuda/handles.hpp"

#include <algorithm>
#include <string>

namespace drover::gpu::backend {

namespace {

// Kernels are there for this compute capability and all later ones.
constexpr int capability_min = DROVER_CUDA_CAPABILITY_MIN;

std::string version(int number) {
  return std::to_string(number / 1000) + "." + std::to_string(number % 1000 / 10);
}

std::string capability(int number) {
  return std::to_string(number / 10) + "." + std::to_string(number % 10);
}

// Why there is no GPU, of what the count of them said.
std::string note_of(cudaError_t result) {
  static_cast<void>(cudaGetLastError());
  int driver = 0;
  static_cast<void>(cudaDriverGetVersion(&driver));
  if (driver == 0)
    return "no NVIDIA driver is installed";
  if (result == cudaErrorInsufficientDriver)
    return "the NVIDIA driver is for CUDA " + version(driver) + ", this drover was built with " +
           version(CUDART_VERSION) + ": it needs a newer driver";
  if (result == cudaErrorNoDevice || result == cudaSuccess)
    return "the NVIDIA driver finds no GPU";
  return std::string{"CUDA does not start: "} + cudaGetErrorString(result);
}

device_info describe(int index, bool asks_memory) {
  device_info result{.name = "cuda:" + std::to_string(index), .description = "", .problem = ""};
  cudaDeviceProp properties{};
  try {
    cuda::check(cudaGetDeviceProperties(&properties, index), "cudaGetDeviceProperties");
    auto own = properties.major * 10 + properties.minor;
    result.description = std::string{properties.name} + ", compute capability " + capability(own);
    result.memory_bytes = properties.totalGlobalMem;
    if (own < capability_min) {
      result.problem = "its compute capability is " + capability(own) + ", this drover was built for " +
                       capability(capability_min) + " and later";
      return result;
    }
    int mode = cudaComputeModeDefault;
    cuda::check(cudaDeviceGetAttribute(&mode, cudaDevAttrComputeMode, index), "cudaDeviceGetAttribute");
    if (mode == cudaComputeModeProhibited) {
      result.problem = "its compute mode is set to prohibited";
      return result;
    }
    if (asks_memory) {
      cuda::use_device(index);
      std::size_t total = 0;
      cuda::check(cudaMemGetInfo(&result.free_bytes, &total), "cudaMemGetInfo");
    }
  } catch (const error& problem) {
    result.problem = problem.what();
  }
  return result;
}

} // namespace

found_devices find_gpus(bool asks_memory) {
  int count = 0;
  auto result = cudaGetDeviceCount(&count);
  if (result != cudaSuccess || count == 0)
    return {.devices = {}, .note = note_of(result)};
  found_devices found;
  for (int index = 0; index < count; ++index)
    found.devices.push_back(describe(index, asks_memory));
  if (std::ranges::none_of(found.devices, [](const device_info& one) { return one.problem.empty(); }))
    found.note = "none of them can be used";
  return found;
}

std::unique_ptr<device> make_gpu(int index, const device_options& options) {
  return cuda::make_cuda_device(index, options);
}

} // namespace drover::gpu::backend
