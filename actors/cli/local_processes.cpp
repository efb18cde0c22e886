#include "drover/actors/cli/local_processes.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace drover::cli {

namespace {

std::runtime_error cannot_start(const std::string& why) {
  return std::runtime_error("cannot start a process of drover for workers and shards: " + why);
}

std::string random_token() {
  constexpr char digits[] = "0123456789abcdef";
  std::random_device source;
  std::string result;
  for (int i = 0; i < 64; ++i)
    result += digits[source() % 16];
  return result;
}

std::pair<int, int> make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw cannot_start(std::strerror(errno));
  return {ends[0], ends[1]};
}

std::string read_line(int from) {
  std::string result;
  for (char one = 0; read(from, &one, 1) == 1;) {
    if (one == '\n')
      return result;
    result += one;
  }
  throw cannot_start("it ended at once");
}

} // namespace

local_processes::local_processes(std::uint32_t count) {
  access_.token = random_token();
  try {
    for (std::uint32_t i = 0; i < count; ++i)
      start();
    auto line = access_.token + "\n";
    for (const auto& one : children_)
      if (write(one.to, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
        throw cannot_start(std::strerror(errno));
    for (const auto& one : children_)
      access_.nodes.push_back(node_address::parse("127.0.0.1:" + read_line(one.from)));
  } catch (...) {
    end();
    throw;
  }
}

local_processes::~local_processes() {
  end();
}

void local_processes::start() {
  auto [its_input, to] = make_pipe();
  auto [from, its_output] = make_pipe();
  auto process = fork();
  if (process == 0) {
    dup2(its_input, STDIN_FILENO);
    dup2(its_output, STDOUT_FILENO);
    execl("/proc/self/exe", "drover", "node", "--child", nullptr);
    _exit(127);
  }
  close(its_input);
  close(its_output);
  if (process < 0) {
    close(to);
    close(from);
    throw cannot_start(std::strerror(errno));
  }
  children_.push_back({process, to, from});
}

void local_processes::end() {
  for (const auto& one : children_) {
    close(one.to);
    close(one.from);
  }
  for (const auto& one : children_)
    waitpid(one.process, nullptr, 0);
  children_.clear();
}

} // namespace drover::cli
