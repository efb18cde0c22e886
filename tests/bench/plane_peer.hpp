#pragma once

#include "drover/actors/node/plane/receiver.hpp"
#include "drover/actors/node/plane/sender.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <sys/types.h>

namespace drover::bench {

/// A child process, which runs `work` and dies with this one. Make it before the program has threads.
class child_process {
public:
  explicit child_process(const std::function<void()>& work);
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

private:
  pid_t id_;
};

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
