#pragma once

#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace drover {

/// Reads sparse rows that are written as SVMlight and LIBSVM do, one a line:
///
///     LABEL [qid:N] ID:VALUE ID:VALUE … [# comment]
///
/// separated by blanks or tabs. LABEL and VALUE are decimal numbers, rounded to floats; ID is a whole number from 0
/// (most files begin with 1), and becomes the column as it is; IDs ascend. Queries and comments are passed over; so are
/// blank lines, and a byte order mark.
///
/// Text comes in pieces of whole lines, so that a file need not be in memory; the reader counts the lines of all of
/// them.
class svm_text {
public:
  static constexpr std::uint32_t largest_id = 0xfffffffe;

  /// `name` starts the sentences of errors; IDs go up to `id_max`.
  explicit svm_text(std::string name, std::uint32_t id_max = largest_id) : name_(std::move(name)), id_max_(id_max) {}

  /// Adds the rows of these lines. Throws std::runtime_error with a sentence that says line and column, in bytes from
  /// 1, and what is wrong: no label, no number, NaN or infinity, IDs that do not ascend or are too large; `into` holds
  /// the rows before it then.
  void read(std::string_view lines, sparse_rows& into);

private:
  std::string name_;
  std::uint32_t id_max_;
  std::uint64_t line_ = 0;
};

} // namespace drover
