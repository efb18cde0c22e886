#pragma once

#include <cstddef>
#include <string_view>

namespace drover::sim {

/// Finds the lines on which members of a JSON text stand. Cap'n Proto's parser keeps no positions, but it keeps the
/// order: whoever walks the values in the text's order asks for each name in turn and only ever looks forward, so that
/// a walk costs one pass. What is written with escapes is not found; from there on the line stays, so that a hostile
/// text cannot make each search run to its end.
class json_lines {
public:
  /// `text` must outlive this.
  explicit json_lines(std::string_view text) : text_(text) {}

  /// Line, from 1, of the next member with this name.
  std::size_t member(std::string_view name);
  /// Line of the next string with this value.
  std::size_t string(std::string_view value);
  /// Line of the last that was found; 1 before.
  [[nodiscard]] std::size_t here() const { return line_; }

private:
  std::size_t advance_to(std::size_t found, std::size_t end);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  bool lost_ = false;
  std::size_t counted_ = 0; ///< line breaks before this are in line_
};

} // namespace drover::sim
