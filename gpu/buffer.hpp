#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace drover::gpu {

class device;

/// Owns floats in a device's memory, aligned to 64 bytes, uninitialised at first. Can be moved, not copied. The device
/// must outlive it, and so must all work enqueued on it: synchronize the stream before letting go.
class buffer {
public:
  buffer() = default;
  buffer(buffer&& other) noexcept
      : owner_(std::exchange(other.owner_, nullptr)), data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)) {}
  buffer& operator=(buffer&& other) noexcept {
    std::swap(owner_, other.owner_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~buffer();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<float> span() { return {data_, size_}; }
  [[nodiscard]] std::span<const float> span() const { return {data_, size_}; }

private:
  friend class device;
  buffer(device& owner, float* data, std::size_t size) : owner_(&owner), data_(data), size_(size) {}

  device* owner_ = nullptr;
  float* data_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace drover::gpu
