#pragma once

#include "drover/gpu/cuda/handles.hpp"
#include "drover/gpu/stream.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace drover::gpu::cuda {

/// A CUDA stream, with pinned memory for what the host says and hears in passing: labels, losses, norms. Such memory is
/// used again after the next synchronize().
class cuda_stream final : public stream {
public:
  /// `pool` outlives the stream.
  cuda_stream(int device, cudaMemPool_t pool);
  ~cuda_stream() override;

  void synchronize() override;

  [[nodiscard]] cudaStream_t get() const { return handle_.get(); }

  /// Pinned host memory, until synchronize().
  [[nodiscard]] std::span<std::byte> pinned(std::size_t bytes);
  /// Device memory for work that is enqueued here: it may be used by all that is enqueued before synchronize().
  [[nodiscard]] std::byte* scratch(std::size_t bytes);
  /// Done by synchronize(), when everything before is.
  void when_done(std::function<void()> what) { waiting_.push_back(std::move(what)); }

private:
  struct chunk {
    pinned_memory memory;
    std::size_t bytes;
  };

  int device_;
  cudaMemPool_t pool_;
  stream_handle handle_;
  std::vector<chunk> chunks_;
  std::size_t used_chunks_ = 0; ///< full ones
  std::size_t used_bytes_ = 0;  ///< of the next
  std::vector<void*> scratch_;
  std::vector<std::function<void()>> waiting_;
};

/// The stream behind the interface.
[[nodiscard]] inline cuda_stream& of(stream& order) {
  return static_cast<cuda_stream&>(order);
}

} // namespace drover::gpu::cuda
