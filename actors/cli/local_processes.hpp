#pragma once

#include "drover/actors/node/train_on_nodes.hpp"

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace drover::cli {

/// Nodes on this host, each a process of this program. They end with this object, and with this process however it
/// ends. Make it before any other thread.
class local_processes {
public:
  /// `credentials`: the folder of those by which they are to talk; empty: in plain text. Throws std::runtime_error with
  /// a sentence where one cannot be started.
  local_processes(std::uint32_t count, const std::string& credentials);
  ~local_processes();
  local_processes(const local_processes&) = delete;
  local_processes& operator=(const local_processes&) = delete;

  [[nodiscard]] const node_access& access() const { return access_; }

private:
  struct child {
    pid_t process = -1;
    int to = -1; ///< its standard input, whose end is the child's, and output
  };

  void start(const std::string& credentials);
  void end();

  std::vector<child> children_;
  node_access access_;
};

} // namespace drover::cli
