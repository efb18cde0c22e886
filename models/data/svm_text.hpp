#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/feature_hash.hpp"
#include "drover/models/data/row_lines.hpp"
#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <optional>
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
  explicit svm_text(std::string name, std::uint32_t id_max = largest_id) : lines_(std::move(name)), id_max_(id_max) {}
  /// IDs are any whole numbers of 64 bits, and the column of one is the lowest `bits` of `mixed_bits` of it, from 1 to
  /// `hash_bits_max`; values of IDs with the same column are added, and those that are 0 are left out.
  [[nodiscard]] static svm_text hashed(std::string name, std::uint32_t bits);

  /// Adds the rows of these lines. A line that cannot be read adds nothing: `bad` gets a sentence that says line and
  /// column, in bytes from 1, and what is wrong: no label, no number, NaN or infinity, IDs that do not ascend or are
  /// too large. Where `bad` throws, `into` holds the rows before it.
  void read(std::string_view lines, sparse_rows& into, bad_lines& bad);

private:
  void read_row(std::string_view line, sparse_rows& into);

  row_lines lines_;
  std::uint64_t id_max_;
  std::optional<hashed_row> hashed_; ///< where IDs are hashed
};

} // namespace drover
