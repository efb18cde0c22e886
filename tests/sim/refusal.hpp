#pragma once

#include <functional>
#include <stdexcept>
#include <string>

/// The sentence with which something is refused.
inline std::string refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "(nothing was refused)";
}
