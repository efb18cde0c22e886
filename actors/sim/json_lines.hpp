#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace drover::sim {

/// The lines of a JSON text's names and values, for whoever walks them in the text's order: Cap'n Proto's parser keeps
/// that order, and no places. Each name and each value takes its line, once.
class json_lines {
public:
  /// As `lines_of_json` returns them.
  explicit json_lines(std::vector<std::uint32_t> lines) : lines_(std::move(lines)) {}

  [[nodiscard]] std::size_t take() { return lines_.at(next_++); }

private:
  std::vector<std::uint32_t> lines_;
  std::size_t next_ = 0;
};

} // namespace drover::sim
