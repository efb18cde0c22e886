#pragma once

#include <kj/exception.h>

#include <string>

namespace drover {

/// Why a codec of Cap'n Proto could not read a text, for the end of a sentence: its own words without the C++
/// expression that stands before them.
[[nodiscard]] inline std::string reason_of(const kj::Exception& problem) {
  std::string text = problem.getDescription().cStr();
  auto expression_end = text.rfind("; ");
  if (text.starts_with("expected ") && expression_end != std::string::npos)
    text.erase(0, expression_end + 2);
  if (text.ends_with('.'))
    text.pop_back();
  return text;
}

} // namespace drover
