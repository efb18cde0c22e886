#include "drover/models/data/svm_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace drover {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// Why a line cannot be read, and where in it.
struct bad_line {
  const char* at;
  std::string why;
};

/// Infinity for what is too large, 0 for what is too small; whatever language the program speaks.
double read_slowly(const std::string& text) {
  std::istringstream in{text};
  in.imbue(std::locale::classic());
  double result = 0;
  in >> result;
  return in.fail() ? std::numeric_limits<double>::infinity() : result;
}

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t';
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

/// Reads one line from its left to its right.
class cursor {
public:
  explicit cursor(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  /// Goes to the next word; false at the end of the line, which a comment is, too.
  bool find_word() {
    while (at_ != end_ && is_blank(*at_))
      ++at_;
    return at_ != end_ && *at_ != '#';
  }

  /// Goes behind what is written here; false where it is not.
  bool take(std::string_view what) {
    if (!std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(what))
      return false;
    at_ += what.size();
    return true;
  }

  float take_number(const char* what) {
    const auto* begin = at_ != end_ && *at_ == '+' ? at_ + 1 : at_; // from_chars(3) takes no plus
    double number = 0;
    auto [after, problem] = std::from_chars(begin, end_, number);
    if (problem == std::errc::invalid_argument || (begin != at_ && begin != end_ && *begin == '-'))
      refuse(std::string{what} + " has to be a number");
    if (problem == std::errc::result_out_of_range) // which does not say whether it is too large or too small
      number = read_slowly({begin, after});
    auto result = static_cast<float>(number);
    if (!std::isfinite(result))
      refuse(std::string{what} + " has to be a number that a float can hold");
    at_ = after;
    return result;
  }

  void end_word(const char* what) const {
    if (at_ != end_ && !is_blank(*at_) && *at_ != '#')
      refuse("a blank is needed behind " + std::string{what});
  }

  std::uint32_t take_id(std::uint32_t id_max) {
    std::uint64_t id = 0;
    const auto* begin = at_;
    for (; at_ != end_ && is_digit(*at_) && id <= id_max; ++at_)
      id = id * 10 + static_cast<std::uint64_t>(*at_ - '0');
    if (at_ == begin)
      refuse("a feature is written ID:VALUE, with a whole number as ID");
    if (id > id_max)
      refuse_at(begin, "an ID is larger than " + std::to_string(id_max));
    if (!take(":"))
      refuse_at(begin, "a feature is written ID:VALUE, and there is no colon behind this ID");
    return static_cast<std::uint32_t>(id);
  }

  [[nodiscard]] const char* position() const { return at_; }
  [[noreturn]] static void refuse_at(const char* where, std::string why) { throw bad_line{where, std::move(why)}; }

private:
  [[noreturn]] void refuse(std::string why) const { refuse_at(at_, std::move(why)); }

  const char* at_;
  const char* end_;
};

void read_row(std::string_view line, std::uint32_t id_max, sparse_rows& into) {
  cursor words{line};
  if (!words.find_word())
    return;
  auto label = words.take_number("a label");
  if (words.take(":"))
    cursor::refuse_at(line.data(), "a row has to begin with a label");
  words.end_word("a label");
  if (words.find_word() && words.take("qid:")) {
    static_cast<void>(words.take_number("a query"));
    words.end_word("a query");
  }
  auto first = into.columns.size();
  while (words.find_word()) {
    const auto* where = words.position();
    auto id = words.take_id(id_max);
    if (into.columns.size() > first && id <= into.columns.back())
      cursor::refuse_at(where, id == into.columns.back()
                                   ? "ID " + std::to_string(id) + " is there twice"
                                   : "ID " + std::to_string(id) + " stands behind " +
                                         std::to_string(into.columns.back()) + ": IDs have to ascend");
    auto value = words.take_number("a value");
    words.end_word("a value");
    into.columns.push_back(id);
    into.values.push_back(value);
  }
  into.labels.push_back(label);
  into.ends.push_back(into.columns.size());
}

} // namespace

void svm_text::read(std::string_view lines, sparse_rows& into) {
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
      read_row(line, id_max_, into);
    } catch (const bad_line& bad) {
      auto features = into.ends.empty() ? 0 : into.ends.back();
      into.columns.resize(features);
      into.values.resize(features);
      throw std::runtime_error(name_ + ", line " + std::to_string(line_) + ", column " +
                               std::to_string(bad.at - line.data() + 1) + ": " + bad.why);
    }
  }
}

} // namespace drover
