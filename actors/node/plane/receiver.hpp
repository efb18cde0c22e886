#pragma once

#include "drover/actors/node/plane/connection.hpp"
#include "drover/actors/node/plane/sender.hpp"
#include "drover/messages/frame.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace drover::plane {

/// The reading end of a connection, with a thread of its own. Frames may outlive it, and hold their memory alone: over
/// shared memory that is a slot of the sender's, which it lacks until the last reference to the frame is gone.
class receiver {
public:
  /// A frame, in the order in which the peer sent those that it did not drop. Called in the receiver's thread: as long
  /// as it takes, the peer's frames wait at the peer. What it throws ends the connection.
  using deliver_callback =
      std::function<void(std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what)>;

  /// `over` has side::reads.
  receiver(connection over, deliver_callback deliver, end_callback ended);
  /// Prompt, but for a deliver_callback under way.
  ~receiver();
  receiver(const receiver&) = delete;
  receiver& operator=(const receiver&) = delete;

  [[nodiscard]] plane::way way() const { return over_.way; }
  [[nodiscard]] std::uint64_t peer() const { return over_.peer; }

private:
  void run(const deliver_callback& deliver, const end_callback& ended);
  void read_frames(const deliver_callback& deliver);

  connection over_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

} // namespace drover::plane
