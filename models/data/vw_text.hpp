#pragma once

#include "drover/models/data/bad_lines.hpp"
#include "drover/models/data/feature_hash.hpp"
#include "drover/models/data/line_cursor.hpp"
#include "drover/models/data/row_lines.hpp"
#include "drover/models/data/sparse_rows.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace drover {

/// Reads sparse rows that are written as Vowpal Wabbit does, one a line:
///
///     LABEL [IMPORTANCE] ['TAG]|NAMESPACE[:SCALE] FEATURE[:VALUE] FEATURE[:VALUE] … |NAMESPACE …
///
/// separated by blanks or tabs. LABEL, IMPORTANCE, SCALE and VALUE are decimal numbers; a VALUE that is not there is 1,
/// and multiplied by the SCALE of its namespace. IMPORTANCE has to be 1 where it is there: samples have no weights. A
/// word that begins with an apostrophe, or touches the first bar, is a tag and passed over; so are blank lines, and a
/// byte order mark. A namespace has no name where a blank stands behind its bar.
///
/// A feature's column is the lowest bits of the hash of its name in its namespace (`feature_namespace`), also where the
/// name is a number: columns are not those of Vowpal Wabbit, and no constant feature is added. Values of the same
/// column in a row are added; those that are 0 are left out.
///
/// Text comes in pieces of whole lines, so that a file need not be in memory; the reader counts the lines of all of
/// them.
class vw_text {
public:
  /// `name` starts the sentences of errors; `bits`: of the hash, from 1 to `hash_bits_max`.
  vw_text(std::string name, std::uint32_t bits) : lines_(std::move(name)), features_(bits) {}

  /// Adds the rows of these lines. A line that cannot be read adds nothing: `bad` gets a sentence that says line and
  /// column, in bytes from 1, and what is wrong: no bar, no label, an importance that is not 1, a feature without a
  /// name, no number, NaN or infinity. Where `bad` throws, `into` holds the rows before it.
  void read(std::string_view lines, sparse_rows& into, bad_lines& bad);

private:
  void read_row(std::string_view line, sparse_rows& into);
  void read_namespace(line_cursor& line);

  row_lines lines_;
  hashed_row features_;
};

} // namespace drover
