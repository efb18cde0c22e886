#pragma once

#include "drover/models/data/bad_lines.hpp"

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// A line that cannot be read, with the sentence that says so.
struct bad_csv_line : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Takes comma-separated text (RFC 4180, but a field does not run over the end of its line) apart. Blank lines are
/// passed over. Views: the text must outlive it.
class csv_lines {
public:
  /// `name` starts the sentences of errors.
  csv_lines(std::string_view text, std::string_view name);

  /// Goes to the next line that is not blank; false where there is none. Throws bad_csv_line for misplaced quotes; then
  /// the next call goes on behind that line.
  bool next();
  /// Calls `read_row()` at each line from the next one on, from the present one where it `is_row`. What throws
  /// bad_csv_line is given to `bad`.
  template <class Read>
  void read_rows(bool is_row, bad_lines& bad, Read read_row) {
    for (bool is_at_row = is_row;; is_at_row = false)
      try {
        if (!is_at_row && !next())
          return;
        read_row();
      } catch (const bad_csv_line& problem) {
        bad.take(problem.what());
      }
  }

  [[nodiscard]] std::string_view name() const { return name_; }
  /// The present line's number, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }
  /// Its fields, without quotes around them and blanks around those that had none. Doubled quotes are still doubled.
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  /// A field with doubled quotes undone, as UTF-8: one that is none is taken for Latin-1.
  [[nodiscard]] static std::string unquoted(std::string_view field);
  /// The same without a copy where the field is written so; else `room` holds it.
  [[nodiscard]] static std::string_view unquoted(std::string_view field, std::string& room);

  /// Throws bad_csv_line with a sentence about the present line.
  [[noreturn]] void refuse(const std::string& what) const;

private:
  void split(std::string_view line);
  std::string_view take_quoted(std::string_view& rest) const;
  std::string_view take_plain(std::string_view& rest) const;

  std::string_view rest_;
  std::string_view name_;
  std::size_t number_ = 0;
  std::vector<std::string_view> fields_;
};

} // namespace drover
