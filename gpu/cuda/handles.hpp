#pragma once

#include "drover/gpu/cuda/error.hpp"

#include <cstddef>
#include <memory>
#include <type_traits>

namespace drover::gpu::cuda {

// Owners of what CUDA hands out as bare pointers. Errors on letting go have nobody to tell: the context is gone then.

template <auto Release>
struct releaser {
  template <class Handle>
  void operator()(Handle* what) const noexcept {
    static_cast<void>(Release(what));
  }
};

using stream_handle = std::unique_ptr<std::remove_pointer_t<cudaStream_t>, releaser<cudaStreamDestroy>>;
using event_handle = std::unique_ptr<std::remove_pointer_t<cudaEvent_t>, releaser<cudaEventDestroy>>;
using graph_handle = std::unique_ptr<std::remove_pointer_t<cudaGraph_t>, releaser<cudaGraphDestroy>>;
using graph_exec_handle = std::unique_ptr<std::remove_pointer_t<cudaGraphExec_t>, releaser<cudaGraphExecDestroy>>;
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
[[nodiscard]] event_handle make_event_handle();
[[nodiscard]] blas_handle make_blas_handle();
/// Host memory that copies to and from devices need not stage.
[[nodiscard]] pinned_memory make_pinned_memory(std::size_t bytes);
/// Device memory that comes back to the pool in a stream's order and stays there for the next. Of this device.
[[nodiscard]] pool_handle make_pool_handle(int device);

/// Makes a device the current one of this thread for as long as it lives. CUDA's calls speak of the current device.
class current_device {
public:
  explicit current_device(int index);
  ~current_device();
  current_device(const current_device&) = delete;
  current_device& operator=(const current_device&) = delete;

private:
  int former_ = 0;
};

} // namespace drover::gpu::cuda
