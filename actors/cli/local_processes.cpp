#include "drover/actors/cli/local_processes.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace drover::cli {

namespace {

// How long a process may take to begin, and to end when it is told to.
constexpr int begin_milliseconds = 30'000;
constexpr int end_milliseconds = 10'000;

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

// Above those of the standard streams, which may be free to be taken.
int moved_up(int descriptor) {
  constexpr int first = 3;
  auto result = fcntl(descriptor, F_DUPFD_CLOEXEC, first);
  close(descriptor);
  return result;
}

bool readable(int from, int milliseconds) {
  pollfd one{.fd = from, .events = POLLIN, .revents = 0};
  int ready = 0;
  do
    ready = poll(&one, 1, milliseconds);
  while (ready < 0 && errno == EINTR);
  return ready > 0;
}

std::string read_line(int from) {
  std::string result;
  for (char one = 0; readable(from, begin_milliseconds) && read(from, &one, 1) == 1;) {
    if (one == '\n')
      return result;
    result += one;
  }
  throw cannot_start("it ended, or did not begin to listen");
}

} // namespace

local_processes::local_processes(std::uint32_t count, const std::string& credentials) {
  access_.token = random_token();
  access_.how_far = reach::one_host;
  try {
    for (std::uint32_t i = 0; i < count; ++i)
      start(credentials);
    auto line = access_.token + "\n";
    for (const auto& one : children_)
      if (::send(one.to, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
        throw cannot_start(std::strerror(errno));
    for (const auto& one : children_)
      access_.nodes.push_back(node_address::parse("127.0.0.1:" + read_line(one.to)));
  } catch (...) {
    end();
    throw;
  }
}

local_processes::~local_processes() {
  end();
}

void local_processes::start(const std::string& credentials) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw cannot_start(std::strerror(errno));
  auto ours = moved_up(ends[0]);
  auto its = moved_up(ends[1]);
  auto process = ours < 0 || its < 0 ? -1 : fork();
  if (process == 0) {
    dup2(its, STDIN_FILENO);
    dup2(its, STDOUT_FILENO);
    const char* flag = credentials.empty() ? nullptr : "--credentials";
    execl("/proc/self/exe", "drover", "node", "--child", flag, credentials.c_str(), nullptr);
    _exit(127);
  }
  auto problem = errno;
  close(its);
  if (process < 0) {
    close(ours);
    throw cannot_start(std::strerror(problem));
  }
  children_.push_back({process, ours});
}

void local_processes::end() {
  for (const auto& one : children_)
    shutdown(one.to, SHUT_WR);
  for (const auto& one : children_) {
    // Its end of the connection goes with it.
    if (!readable(one.to, end_milliseconds))
      kill(one.process, SIGKILL);
    close(one.to);
    while (waitpid(one.process, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  children_.clear();
}

} // namespace drover::cli
