#pragma once

#include "drover/actors/node/node_address.hpp"

#include <stdexcept>
#include <string>

namespace drover {

/// What is wrong with each of several nodes.
class complaints {
public:
  void add(const node_address& node, const std::string& why) {
    list_ += (list_.empty() ? "" : "; ") + to_string(node) + ": " + why;
  }
  /// What can be done about it.
  void advise(const std::string& what) { advice_ = "; " + what; }

  [[nodiscard]] const std::string& list() const { return list_; }

  /// Throws std::runtime_error with one sentence, if there are any.
  void raise() const {
    if (!list_.empty())
      throw std::runtime_error("not every node can be used: " + list_ + advice_);
  }

private:
  std::string list_;
  std::string advice_;
};

} // namespace drover
