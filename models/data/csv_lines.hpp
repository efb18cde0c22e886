#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// Takes comma-separated text (RFC 4180, but a field does not run over the end of its line) apart. Blank lines are
/// passed over. Views: the text must outlive it.
class csv_lines {
public:
  /// `name` starts the sentences of errors.
  csv_lines(std::string_view text, std::string_view name);

  /// Goes to the next line that is not blank; false where there is none. Throws std::runtime_error with a sentence for
  /// misplaced quotes.
  bool next();

  /// The present line's number, from 1.
  [[nodiscard]] std::size_t number() const { return number_; }
  /// Its fields, without quotes around them and blanks around those that had none. Doubled quotes are still doubled.
  [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
  /// A field with doubled quotes undone, as UTF-8: one that is none is taken for Latin-1.
  [[nodiscard]] static std::string unquoted(std::string_view field);

  /// Throws a sentence about the present line.
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
