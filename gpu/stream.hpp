#pragma once

namespace drover::gpu {

/// Work for one device, done in the order in which it was enqueued. Made by `device::make_stream`, used by one thread
/// at a time, only with the device that made it, which must outlive it.
class stream {
public:
  stream() = default;
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  virtual ~stream() = default;

  /// Waits until all that was enqueued is done; results that went to host pointers may be read then.
  virtual void synchronize() = 0;
};

} // namespace drover::gpu
