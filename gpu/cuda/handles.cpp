#include "drover/gpu/cuda/handles.hpp"

#include <cstdint>
#include <limits>

namespace drover::gpu::cuda {

stream_handle make_stream_handle() {
  cudaStream_t made = nullptr;
  check(cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
  return stream_handle{made};
}

blas_handle make_blas_handle() {
  cublasLtHandle_t made = nullptr;
  check(cublasLtCreate(&made), "cublasLtCreate");
  return blas_handle{made};
}

pinned_memory make_pinned_memory(std::size_t bytes) {
  void* made = nullptr;
  check(cudaMallocHost(&made, bytes), "cudaMallocHost");
  return pinned_memory{static_cast<std::byte*>(made)};
}

pool_handle make_pool_handle(int device) {
  cudaMemPoolProps properties{};
  properties.allocType = cudaMemAllocationTypePinned;
  properties.location.type = cudaMemLocationTypeDevice;
  properties.location.id = device;
  cudaMemPool_t made = nullptr;
  check(cudaMemPoolCreate(&made, &properties), "cudaMemPoolCreate");
  pool_handle result{made};
  auto keep_all = std::numeric_limits<std::uint64_t>::max();
  check(cudaMemPoolSetAttribute(made, cudaMemPoolAttrReleaseThreshold, &keep_all), "cudaMemPoolSetAttribute");
  return result;
}

void use_device(int index) {
  check(cudaSetDevice(index), "cudaSetDevice");
}

} // namespace drover::gpu::cuda
