#include "drover/actors/sim/json_lines.hpp"

#include <algorithm>
#include <string>

namespace drover::sim {

std::size_t json_lines::advance_to(std::size_t found, std::size_t end) {
  auto begin = text_.begin();
  line_ += static_cast<std::size_t>(
      std::count(begin + static_cast<std::ptrdiff_t>(counted_), begin + static_cast<std::ptrdiff_t>(found), '\n'));
  counted_ = found;
  at_ = end;
  return line_;
}

std::size_t json_lines::member(std::string_view name) {
  if (lost_)
    return line_;
  // A quote that ends a string and is followed by a colon ends a member's name: inside a string there is a backslash
  // before each quote.
  auto quoted = '"' + std::string{name} + '"';
  for (auto found = text_.find(quoted, at_); found != std::string_view::npos; found = text_.find(quoted, found + 1)) {
    auto after = text_.find_first_not_of(" \t\r\n", found + quoted.size());
    if (after != std::string_view::npos && text_[after] == ':')
      return advance_to(found, after);
  }
  lost_ = true;
  return line_;
}

std::size_t json_lines::string(std::string_view value) {
  if (lost_)
    return line_;
  auto quoted = '"' + std::string{value} + '"';
  auto found = text_.find(quoted, at_);
  lost_ = found == std::string_view::npos;
  return lost_ ? line_ : advance_to(found, found + quoted.size());
}

} // namespace drover::sim
