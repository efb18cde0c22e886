#pragma once

#include "drover/actors/node/plane/connection.hpp"
#include "drover/actors/node/plane/wake.hpp"
#include "drover/messages/frame.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace drover::plane {

class frame_writer;

struct sender_options {
  /// Of frames that wait to be written; a single one may be larger, and small ones may wait beyond it.
  std::size_t queue_bytes_max = std::size_t{256} << 20;
  /// Of shared memory. Frames that do not fit go through the ring.
  std::size_t slot_bytes_max = std::size_t{256} << 20;
};

/// Says what became of a connection, as one sentence; it ends with `closed_by_peer` where nothing went wrong. Called at
/// most once, in the thread of the sender or receiver, which it must not destroy; never called once that is being
/// destroyed.
using end_callback = std::function<void(const std::string&)>;

/// The writing end of a connection, with a thread of its own. A small frame goes out at once, in the thread that sends
/// it, where nothing waits and nobody writes: the other thread need not wake for it.
class sender {
public:
  /// `over` has side::writes.
  sender(connection over, const sender_options& options, end_callback ended);
  /// What waits is dropped. Prompt, whatever the peer does.
  ~sender();
  sender(const sender&) = delete;
  sender& operator=(const sender&) = delete;

  /// Any thread; never waits. False: the frame was dropped, because too much waits already, because the connection has
  /// ended, or because a frame of no segments or above drover's limits is no message. True does not mean that it
  /// arrives. The frame's memory is shared, not copied, until it is written.
  bool send(std::uint64_t destination, std::uint16_t kind, std::shared_ptr<const frame> what);

  struct counts {
    std::uint64_t frames = 0; ///< written, or gathered to be
    std::uint64_t bytes = 0;  ///< of those
    std::uint64_t shared = 0; ///< of the frames: went by a slot of shared memory
    std::uint64_t dropped = 0;
    std::size_t queued_bytes = 0;
  };
  [[nodiscard]] counts traffic() const;

  [[nodiscard]] plane::way way() const { return over_.way; }
  [[nodiscard]] std::uint64_t peer() const { return over_.peer; }

private:
  struct entry {
    std::uint64_t destination;
    std::uint16_t kind;
    std::shared_ptr<const frame> what;
  };

  void run(const end_callback& ended);
  void write_frames();
  void write_at_once(const entry& what);
  [[nodiscard]] std::optional<entry> next();
  void wait_for_work();

  connection over_;
  sender_options options_;
  wake wake_;
  std::atomic<bool> stopping_ = false;
  /// Used by whoever set `idle_` to false: the thread, or one that sends a small frame.
  std::unique_ptr<frame_writer> writer_;
  mutable std::mutex mutex_;
  std::deque<entry> queue_;
  counts counts_;
  bool idle_ = false;                  ///< nothing waits, and nobody writes
  std::optional<std::string> problem_; ///< that a thread met which wrote a small frame
  bool ended_ = false;
  std::thread thread_;
};

} // namespace drover::plane
