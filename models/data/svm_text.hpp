#pragma once

#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace drover {

/// Reads sparse rows that are written as SVMlight and LIBSVM do, one a line:
///
///     LABEL [qid:N] ID:VALUE ID:VALUE … [# comment]
///
/// separated by blanks or tabs. LABEL and VALUE are decimal numbers, ID is a whole number from 0 (most files begin with
/// 1) to `id_max`, and becomes the column as it is; IDs ascend. What is known of queries, and comments, are passed
/// over; so are blank lines.
///
/// Text comes in pieces of whole lines, so that a file need not be in memory; the reader counts the lines of all of
/// them.
class svm_text {
public:
  static constexpr std::uint32_t id_max = 0xfffffffe;

  /// `name` starts the sentences of errors. So many lines that cannot be read are passed over before one is refused.
  explicit svm_text(std::string name, std::uint64_t bad_lines_max = 0)
      : name_(std::move(name)), bad_lines_max_(bad_lines_max) {}

  /// Adds the rows of these lines. Throws std::runtime_error with a sentence that says line and column, from 1, and
  /// what is wrong: no label, no number, NaN or infinity, IDs that do not ascend or are too large; `into` holds the
  /// rows before it then.
  void read(std::string_view lines, sparse_rows& into);

  /// Lines that were passed over because they could not be read.
  [[nodiscard]] std::uint64_t bad_lines() const { return bad_lines_; }

private:
  std::string name_;
  std::uint64_t bad_lines_max_;
  std::uint64_t bad_lines_ = 0;
  std::uint64_t line_ = 0;
};

} // namespace drover
