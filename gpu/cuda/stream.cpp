#include "drover/gpu/cuda/stream.hpp"

#include <algorithm>
#include <utility>

namespace drover::gpu::cuda {

namespace {

constexpr std::size_t chunk_bytes = 256 << 10;
constexpr std::size_t alignment = 64;

} // namespace

cuda_stream::cuda_stream(int device, cudaMemPool_t pool) : device_(device), pool_(pool) {
  use_device(device);
  handle_ = make_stream_handle();
}

cuda_stream::~cuda_stream() {
  // What is enqueued uses the memory that goes.
  static_cast<void>(cudaStreamSynchronize(get()));
  static_cast<void>(cudaGetLastError());
}

void cuda_stream::synchronize() {
  // Where this fails, nobody waits for the results any more.
  auto waiting = std::exchange(waiting_, {});
  check(cudaStreamSynchronize(get()), "cudaStreamSynchronize");
  used_chunks_ = 0;
  used_bytes_ = 0;
  for (const auto& what : waiting)
    what();
}

std::span<std::byte> cuda_stream::pinned(std::size_t bytes) {
  auto wanted = (bytes + alignment - 1) / alignment * alignment;
  while (used_chunks_ < chunks_.size() && used_bytes_ + wanted > chunks_[used_chunks_].bytes) {
    ++used_chunks_;
    used_bytes_ = 0;
  }
  if (used_chunks_ == chunks_.size()) {
    use_device(device_);
    auto size = std::max(wanted, chunk_bytes);
    chunks_.push_back({make_pinned_memory(size), size});
  }
  auto* first = chunks_[used_chunks_].memory.get() + used_bytes_;
  used_bytes_ += wanted;
  return {first, bytes};
}

scratch_memory::scratch_memory(cuda_stream& order, std::size_t bytes) : order_(order) {
  check(cudaMallocFromPoolAsync(&memory_, std::max<std::size_t>(bytes, 1), order.pool(), order.get()),
        "cudaMallocFromPoolAsync");
}

scratch_memory::~scratch_memory() {
  static_cast<void>(cudaFreeAsync(memory_, order_.get()));
  static_cast<void>(cudaGetLastError());
}

} // namespace drover::gpu::cuda
