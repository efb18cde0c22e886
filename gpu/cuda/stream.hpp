#pragma once

#include "drover/gpu/cuda/handles.hpp"
#include "drover/gpu/stream.hpp"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace drover::gpu::cuda {

class cuda_stream;

/// Device memory for what is enqueued on a stream before this object ends; it goes back in the stream's order.
class scratch_memory {
public:
  /// Throws cuda_error.
  scratch_memory(cuda_stream& order, std::size_t bytes);
  ~scratch_memory();
  scratch_memory(const scratch_memory&) = delete;
  scratch_memory& operator=(const scratch_memory&) = delete;

  template <class Value>
  [[nodiscard]] Value* as() const {
    return static_cast<Value*>(memory_);
  }

private:
  cuda_stream& order_;
  void* memory_ = nullptr;
};

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
  [[nodiscard]] cudaMemPool_t pool() const { return pool_; }
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
  std::vector<std::function<void()>> waiting_;
};

/// The stream behind the interface.
[[nodiscard]] inline cuda_stream& of(stream& order) {
  return static_cast<cuda_stream&>(order);
}

} // namespace drover::gpu::cuda
