#include "tests/bench/other_program.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace drover::bench {

other_program::other_program(const std::string& path) {
  int input[2];
  int output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe could be made");
  id_ = fork();
  if (id_ < 0)
    throw std::runtime_error("no process could be made");
  if (id_ == 0) {
    dup2(input[0], STDIN_FILENO);
    dup2(output[1], STDOUT_FILENO);
    execl(path.c_str(), path.c_str(), nullptr);
    _exit(127);
  }
  close(input[0]);
  close(output[1]);
  to_.reset(fdopen(input[1], "w"));
  from_.reset(fdopen(output[0], "r"));
}

other_program::~other_program() {
  to_.reset();
  waitpid(id_, nullptr, 0);
}

double other_program::run(const requests& wanted) {
  std::fprintf(to_.get(), "%s %zu %zu %zu %zu\n", wanted.what, wanted.bytes, wanted.keys,
               static_cast<std::size_t>(wanted.count), static_cast<std::size_t>(wanted.window));
  std::fflush(to_.get());
  double seconds = 0;
  if (std::fscanf(from_.get(), "%lf", &seconds) != 1 || seconds <= 0)
    throw std::runtime_error("the other program does not answer");
  return static_cast<double>(wanted.count) / seconds;
}

} // namespace drover::bench
