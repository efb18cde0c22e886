#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/line_cursor.hpp"
#include "drover/models/data/sparse_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace drover {

/// Takes text with a sparse row a line apart, in pieces of whole lines, and counts the lines of all of them.
class row_lines {
public:
  /// `name` starts the sentences of errors.
  explicit row_lines(std::string name) : name_(std::move(name)) {}

  /// Calls `read_row(line)` for each line, without its end and a byte order mark before the first. It adds columns and
  /// values to `into`, at last a label and an end, or throws a `line_problem`: then what it added is taken back, and
  /// `bad` gets a sentence that says line and column, in bytes from 1.
  template <class Read>
  void read(std::string_view lines, sparse_rows& into, bad_lines& bad, Read read_row) {
    if (line_ == 0 && lines.starts_with(byte_order_mark))
      lines.remove_prefix(byte_order_mark.size());
    while (!lines.empty()) {
      auto end = std::min(lines.find('\n'), lines.size());
      auto line = lines.substr(0, end);
      lines.remove_prefix(std::min(end + 1, lines.size()));
      ++line_;
      if (line.ends_with('\r'))
        line.remove_suffix(1);
      try {
        read_row(line);
      } catch (const line_problem& problem) {
        auto features = into.ends.empty() ? 0 : into.ends.back();
        into.columns.resize(features);
        into.values.resize(features);
        bad.take(name_ + ", line " + std::to_string(line_) + ", column " +
                 std::to_string(problem.at - line.data() + 1) + ": " + problem.why);
      }
    }
  }

private:
  static constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

  std::string name_;
  std::uint64_t line_ = 0;
};

} // namespace drover
