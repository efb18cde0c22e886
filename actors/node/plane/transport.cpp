#include "drover/actors/node/plane/transport.hpp"

#include <csignal>
#include <system_error>

namespace drover::plane {

std::string system_sentence(const std::string& what, int number) {
  return what + ": " + std::generic_category().message(number);
}

void block_broken_pipe_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  static_cast<void>(::pthread_sigmask(SIG_BLOCK, &signals, nullptr));
}

} // namespace drover::plane
