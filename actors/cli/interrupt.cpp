#include "drover/actors/cli/interrupt.hpp"

#include "drover/actors/cli/command.hpp"

#include <cstdlib>
#include <pthread.h>
#include <string_view>
#include <unistd.h>

namespace drover::cli {

namespace {

void say(std::string_view line) {
  // Past the streams of the thread that may be writing at this moment.
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace

interrupt::interrupt() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::thread([this] { watch(); });
}

interrupt::~interrupt() {
  ending_ = true;
  // NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread): it is blocked, and only ends the thread's sigwait.
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void interrupt::watch() {
  for (;;) {
    int signal = 0;
    if (sigwait(&signals_, &signal) != 0)
      continue;
    if (ending_)
      return;
    if (!stop_.request_stop())
      std::_Exit(exit_code::interrupted);
    say("\ndrover: stopping after the steps under way; once more ends at once\n");
  }
}

} // namespace drover::cli
