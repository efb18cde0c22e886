#pragma once

#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include "tests/bench/child_process.hpp"
#include <condition_variable>
#include <memory>
#include <mutex>

namespace drover::bench {

/// A process at the other end of two data plane connections, one each way: it looks at the first and last byte of each
/// frame that it gets and answers those that ask for it.
class plane_peer {
public:
  explicit plane_peer(plane::way by);

  /// When all processes are there.
  void connect();
  /// Sends it so often; comes back when an answer to the last says that all are there.
  void send(const std::shared_ptr<const frame>& what, std::size_t count);

private:
  plane::way by_;
  std::uint16_t port_ = 0;
  std::unique_ptr<child_process> child_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::size_t answers_ = 0;
  std::unique_ptr<plane::receiver> answers_from_;
  std::unique_ptr<plane::sender> sender_;
};

} // namespace drover::bench
