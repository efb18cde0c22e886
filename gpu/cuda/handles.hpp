#pragma once

#include "drover/gpu/cuda/error.hpp"

#include <cstddef>
#include <memory>
#include <type_traits>

namespace drover::gpu::cuda {

// Owners of what CUDA hands out as bare pointers. Errors on letting go have nobody to tell, and must not be taken for
// those of a later call.

template <auto Release>
struct releaser {
  template <class Handle>
  void operator()(Handle* what) const noexcept {
    static_cast<void>(Release(what));
    static_cast<void>(cudaGetLastError());
  }
};

using stream_handle = std::unique_ptr<std::remove_pointer_t<cudaStream_t>, releaser<cudaStreamDestroy>>;
using pool_handle = std::unique_ptr<std::remove_pointer_t<cudaMemPool_t>, releaser<cudaMemPoolDestroy>>;
using blas_handle = std::unique_ptr<std::remove_pointer_t<cublasLtHandle_t>, releaser<cublasLtDestroy>>;
using matmul_handle = std::unique_ptr<std::remove_pointer_t<cublasLtMatmulDesc_t>, releaser<cublasLtMatmulDescDestroy>>;
using layout_handle =
    std::unique_ptr<std::remove_pointer_t<cublasLtMatrixLayout_t>, releaser<cublasLtMatrixLayoutDestroy>>;
using preference_handle =
    std::unique_ptr<std::remove_pointer_t<cublasLtMatmulPreference_t>, releaser<cublasLtMatmulPreferenceDestroy>>;
using pinned_memory = std::unique_ptr<std::byte, releaser<cudaFreeHost>>;

/// In the current device. A stream that does not wait for the default stream's work.
[[nodiscard]] stream_handle make_stream_handle();
[[nodiscard]] blas_handle make_blas_handle();
/// Host memory that copies to and from devices need not stage.
[[nodiscard]] pinned_memory make_pinned_memory(std::size_t bytes);
/// Device memory that comes back to the pool in a stream's order and stays there for the next. Of this device.
[[nodiscard]] pool_handle make_pool_handle(int device);

/// CUDA's calls speak of the current device of their thread: from now on it is this one.
void use_device(int index);

} // namespace drover::gpu::cuda
