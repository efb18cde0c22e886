#include "tests/bench/own_process.hpp"

#include <cstddef>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace drover::bench {

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

[[noreturn]] void run_child(const std::function<void(void*)>& work, std::size_t bytes, int to) {
  try {
    std::vector<std::byte> value(bytes);
    work(value.data());
    _exit(write(to, value.data(), bytes) == static_cast<ssize_t>(bytes) ? 0 : 1);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    _exit(1);
  }
}

} // namespace

double run_in_own_process(const std::function<void(void*)>& work, void* result, std::size_t bytes) {
  int ends[2];
  if (pipe(ends) != 0)
    throw std::runtime_error("no pipe could be made for a process of its own");
  std::fflush(nullptr);
  auto child = fork();
  if (child < 0)
    throw std::runtime_error("no process could be made");
  if (child == 0)
    run_child(work, bytes, ends[1]);
  close(ends[1]);
  auto got = read(ends[0], result, bytes);
  close(ends[0]);
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0 || got != static_cast<ssize_t>(bytes))
    throw std::runtime_error("a measurement in a process of its own did not end well");
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

} // namespace drover::bench
