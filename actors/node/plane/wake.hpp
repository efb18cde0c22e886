#pragma once

#include "drover/actors/node/plane/descriptor.hpp"

#include <cstdint>
#include <stdexcept>
#include <sys/eventfd.h>
#include <utility>

namespace drover::plane {

/// Gets a thread out of poll().
class wake {
public:
  wake() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!event_)
      throw std::runtime_error("no more file descriptors may be opened");
  }

  /// Of another process, to signal.
  explicit wake(descriptor passed) : event_(std::move(passed)) {}

  [[nodiscard]] const descriptor& event() const { return event_; }
  [[nodiscard]] int handle() const { return event_.get(); }
  void signal() {
    std::uint64_t one = 1;
    // Fails only where it is signalled already.
    static_cast<void>(!::write(event_.get(), &one, sizeof one));
  }
  void clear() {
    std::uint64_t count = 0;
    static_cast<void>(!::read(event_.get(), &count, sizeof count));
  }

private:
  descriptor event_;
};

} // namespace drover::plane
