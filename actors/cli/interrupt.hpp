#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <thread>

namespace drover::cli {

/// Turns Ctrl-C and SIGTERM into a request to stop; the second one ends the process at once. Make it before any other
/// thread, so that all of them inherit the blocked signals and only its own thread takes them.
class interrupt {
public:
  interrupt();
  ~interrupt();
  interrupt(const interrupt&) = delete;
  interrupt& operator=(const interrupt&) = delete;

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }

private:
  void watch();

  sigset_t signals_{};
  sigset_t before_{};
  std::stop_source stop_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

} // namespace drover::cli
