#include "tests/bench/own_process.hpp"

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace drover::bench {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

[[noreturn]] void run_child(const std::function<double()>& work, int to) {
  try {
    auto value = work();
    _exit(write(to, &value, sizeof value) == sizeof value ? 0 : 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    _exit(1);
  }
}

} // namespace

process_result in_own_process(const std::function<double()>& work) {
  int ends[2];
  if (pipe(ends) != 0)
    throw std::runtime_error("no pipe could be made for a process of its own");
  std::fflush(nullptr);
  auto child = fork();
  if (child < 0)
    throw std::runtime_error("no process could be made");
  if (child == 0)
    run_child(work, ends[1]);
  close(ends[1]);
  process_result result;
  auto got = read(ends[0], &result.value, sizeof result.value);
  close(ends[0]);
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0 || got != sizeof result.value)
    throw std::runtime_error("a measurement in a process of its own did not end well");
  result.processor_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  return result;
}

} // namespace drover::bench
