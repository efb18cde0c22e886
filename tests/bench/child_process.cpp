#include "tests/bench/child_process.hpp"

#include <csignal>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drover::bench {

child_process::child_process(const std::function<void()>& work) : id_(fork()) {
  if (id_ < 0)
    throw std::runtime_error("no process could be made");
  if (id_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    work();
    _exit(0);
  }
}

child_process::~child_process() {
  kill(id_, SIGKILL);
  waitpid(id_, nullptr, 0);
}

} // namespace drover::bench
