#include "drover/gpu/cuda/stream.hpp"

#include <algorithm>
#include <utility>

namespace drover::gpu::cuda {

namespace {

constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t alignment = 64;

} // namespace

cuda_stream::cuda_stream(int device, cudaMemPool_t pool) : device_(device), pool_(pool) {
  current_device scope{device};
  handle_ = make_stream_handle();
}

cuda_stream::~cuda_stream() {
  // What is enqueued uses the memory below.
  static_cast<void>(cudaStreamSynchronize(get()));
  for (auto* memory : scratch_)
    static_cast<void>(cudaFreeAsync(memory, get()));
}

void cuda_stream::synchronize() {
  check(cudaStreamSynchronize(get()), "cudaStreamSynchronize");
  used_chunks_ = 0;
  used_bytes_ = 0;
  for (auto* memory : std::exchange(scratch_, {}))
    check(cudaFreeAsync(memory, get()), "cudaFreeAsync");
  for (const auto& what : std::exchange(waiting_, {}))
    what();
}

std::span<std::byte> cuda_stream::pinned(std::size_t bytes) {
  auto wanted = (bytes + alignment - 1) / alignment * alignment;
  while (used_chunks_ < chunks_.size() && used_bytes_ + wanted > chunks_[used_chunks_].bytes) {
    ++used_chunks_;
    used_bytes_ = 0;
  }
  if (used_chunks_ == chunks_.size()) {
    current_device scope{device_};
    auto size = std::max(wanted, chunk_bytes);
    chunks_.push_back({make_pinned_memory(size), size});
  }
  auto* first = chunks_[used_chunks_].memory.get() + used_bytes_;
  used_bytes_ += wanted;
  return {first, bytes};
}

std::byte* cuda_stream::scratch(std::size_t bytes) {
  void* made = nullptr;
  check(cudaMallocFromPoolAsync(&made, std::max<std::size_t>(bytes, 1), pool_, get()), "cudaMallocFromPoolAsync");
  scratch_.push_back(made);
  return static_cast<std::byte*>(made);
}

} // namespace drover::gpu::cuda
