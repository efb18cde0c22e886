#pragma once

#include <functional>
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

} // namespace drover::bench
