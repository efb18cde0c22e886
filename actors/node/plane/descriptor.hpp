#pragma once

#include <unistd.h>
#include <utility>

namespace drover::plane {

/// A file descriptor that closes itself.
class descriptor {
public:
  descriptor() = default;
  explicit descriptor(int value) : value_(value) {}
  descriptor(descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~descriptor() {
    if (value_ >= 0)
      ::close(value_);
  }

  [[nodiscard]] int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

private:
  int value_ = -1;
};

} // namespace drover::plane
