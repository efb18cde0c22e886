#include "drover/models/data/csv_lines.hpp"

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <iterator>

namespace drover {

namespace {

using utf8 = boost::locale::utf::utf_traits<char>;

constexpr std::string_view blanks = " \t";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The same in UTF-8 for text in Latin-1, whose characters are the first of Unicode.
std::string from_latin_1(std::string_view text) {
  std::string result;
  for (auto letter : text)
    utf8::encode(static_cast<unsigned char>(letter), std::back_inserter(result));
  return result;
}

/// Whether a field is written as it is meant: no quotes that may be doubled, and the letters that all tables share.
bool is_plain(std::string_view field) {
  return std::ranges::none_of(field,
                              [](char letter) { return letter == '"' || static_cast<unsigned char>(letter) >= 0x80; });
}

bool is_utf8(std::string_view text) {
  for (const auto* at = text.data(); at != text.data() + text.size();)
    if (!boost::locale::utf::is_valid_codepoint(utf8::decode(at, text.data() + text.size())))
      return false;
  return true;
}

} // namespace

csv_lines::csv_lines(std::string_view text, std::string_view name) : rest_(text), name_(name) {
  if (rest_.starts_with(byte_order_mark))
    rest_.remove_prefix(byte_order_mark.size());
}

bool csv_lines::next() {
  while (!rest_.empty()) {
    auto end = std::min(rest_.find('\n'), rest_.size());
    auto line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (trimmed(line).empty())
      continue;
    split(line);
    return true;
  }
  return false;
}

std::string csv_lines::unquoted(std::string_view field) {
  std::string result;
  for (std::size_t i = 0; i < field.size(); ++i) {
    result += field[i];
    if (field[i] == '"')
      ++i;
  }
  return is_utf8(result) ? result : from_latin_1(result);
}

std::string_view csv_lines::unquoted(std::string_view field, std::string& room) {
  if (is_plain(field))
    return field;
  room = unquoted(field);
  return room;
}

void csv_lines::refuse(const std::string& what) const {
  throw bad_csv_line(std::string(name_) + ", line " + std::to_string(number_) + ": " + what);
}

void csv_lines::split(std::string_view line) {
  fields_.clear();
  for (auto rest = line;;) {
    auto start = std::min(rest.find_first_not_of(blanks), rest.size());
    bool quoted = start < rest.size() && rest[start] == '"';
    if (quoted)
      rest.remove_prefix(start + 1);
    fields_.push_back(quoted ? take_quoted(rest) : take_plain(rest));
    if (rest.empty())
      return;
    rest.remove_prefix(1); // the comma
  }
}

std::string_view csv_lines::take_quoted(std::string_view& rest) const {
  std::size_t end = 0;
  for (;; end += 2) {
    end = rest.find('"', end);
    if (end == std::string_view::npos)
      refuse("a quoted field does not end on its line");
    if (end + 1 == rest.size() || rest[end + 1] != '"')
      break;
  }
  auto field = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  if (!rest.empty() && rest.front() != ',')
    refuse("a comma or the end of the line is needed behind a quoted field");
  return field;
}

std::string_view csv_lines::take_plain(std::string_view& rest) const {
  auto field = rest.substr(0, rest.find(','));
  if (field.find('"') != std::string_view::npos)
    refuse("a quote stands inside a field that does not start with one");
  rest.remove_prefix(field.size());
  return trimmed(field);
}

} // namespace drover
