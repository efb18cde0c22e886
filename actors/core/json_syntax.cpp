#include "drover/actors/core/json_syntax.hpp"

#include "drover/actors/core/printable.hpp"

#include <algorithm>
#include <optional>

namespace drover {

namespace {

constexpr std::string_view spaces = " \t\r\n";
constexpr std::string_view digits = "0123456789";

bool is_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         std::string_view{"+-._"}.find(letter) != std::string_view::npos;
}

/// Takes digits from the front; whether there were any.
bool take_digits(std::string_view& text) {
  auto count = std::min(text.find_first_not_of(digits), text.size());
  text.remove_prefix(count);
  return count > 0;
}

bool take(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == std::string_view::npos)
    return false;
  text.remove_prefix(1);
  return true;
}

bool is_number(std::string_view text) {
  take(text, "-");
  if (!take(text, "0") && !take_digits(text))
    return false;
  if (take(text, ".") && !take_digits(text))
    return false;
  if (take(text, "eE")) {
    take(text, "+-");
    if (!take_digits(text))
      return false;
  }
  return text.empty();
}

/// One pass over a text.
class scan {
public:
  explicit scan(std::string_view text) : text_(text) {}

  std::vector<std::uint32_t> whole() {
    if (text_.starts_with("\xef\xbb\xbf"))
      fail("it begins with a byte order mark, which JSON does not have");
    value(0);
    skip_spaces();
    if (at_ < text_.size())
      fail("there is " + found() + " after its end");
    return std::move(lines_);
  }

private:
  [[noreturn]] void fail(const std::string& why) const { throw json_error(line_, why); }

  [[noreturn]] void miss(const std::string& expected) {
    if (at_ < text_.size())
      fail("there is " + found() + " where " + expected + " belongs");
    // Breaks and spaces at the end are nobody's last line.
    auto last = text_.find_last_not_of(spaces);
    auto end = text_.begin() + static_cast<std::ptrdiff_t>(last == std::string_view::npos ? 0 : last);
    line_ = 1 + static_cast<std::size_t>(std::count(text_.begin(), end, '\n'));
    fail(last == std::string_view::npos ? "it is empty" : "it ends where " + expected + " belongs");
  }

  /// What stands here, as a sentence shows it.
  [[nodiscard]] std::string found() const {
    auto rest = text_.substr(at_);
    if (rest.starts_with('#') || rest.starts_with("//") || rest.starts_with("/*"))
      return "a comment, which JSON does not have,";
    auto word = std::find_if_not(rest.begin(), rest.end(), is_word) - rest.begin();
    if (word > 0)
      return printable(rest.substr(0, static_cast<std::size_t>(word)));
    // A letter that is not ASCII has further bytes.
    auto letter = std::find_if_not(rest.begin() + 1, rest.end(), [](char one) { return (one & 0xc0) == 0x80; });
    return printable(rest.substr(0, static_cast<std::size_t>(letter - rest.begin())));
  }

  void skip_spaces() {
    for (; at_ < text_.size() && spaces.find(text_[at_]) != std::string_view::npos; ++at_)
      line_ += text_[at_] == '\n' ? 1 : 0;
  }

  bool take(char wanted) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != wanted)
      return false;
    ++at_;
    return true;
  }

  void begin() { lines_.push_back(static_cast<std::uint32_t>(line_)); }

  void value(std::size_t depth) {
    skip_spaces();
    begin();
    if (take('"'))
      return string();
    if (take('{'))
      return object(deeper(depth));
    if (take('['))
      return array(deeper(depth));
    word();
  }

  [[nodiscard]] std::size_t deeper(std::size_t depth) const {
    if (depth == json_depth_max)
      fail("arrays and objects are more than " + std::to_string(json_depth_max) + " deep in each other");
    return depth + 1;
  }

  void object(std::size_t depth) {
    for (auto first = true; !first || !take('}'); first = false) {
      if (!take('"'))
        miss(first ? "a name in quotes or }" : "a name in quotes");
      begin();
      string();
      if (!take(':'))
        miss("a colon");
      value(depth);
      if (take('}'))
        return;
      if (!take(','))
        miss("a comma or }");
    }
  }

  void array(std::size_t depth) {
    for (auto first = true; !first || !take(']'); first = false) {
      value(depth);
      if (take(']'))
        return;
      if (!take(','))
        miss("a comma or ]");
    }
  }

  void word() {
    auto rest = text_.substr(at_);
    auto end = std::find_if_not(rest.begin(), rest.end(), is_word);
    auto one = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (one != "null" && one != "true" && one != "false" && !is_number(one))
      miss("a value");
    at_ += one.size();
  }

  /// After the opening quote. It stays in its line.
  void string() {
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] == '\\')
        escape();
      else if (static_cast<unsigned char>(text_[at_]) < ' ')
        fail(text_[at_] == '\n' ? "a text has no closing quote in its line"
                                : "a text has a control character in it, which is written with a backslash");
      else
        ++at_;
    }
    if (at_ == text_.size())
      fail("it ends in a text that has no closing quote");
    ++at_;
  }

  void escape() {
    auto rest = text_.substr(at_ + 1);
    auto is_unicode = rest.starts_with('u');
    auto size = is_unicode ? 5 : 1;
    auto is_one = is_unicode ? rest.find_first_not_of("0123456789abcdefABCDEF", 1) >= 5 && rest.size() >= 5
                             : rest.find_first_of("\"\\/bfnrt") == 0;
    if (!is_one)
      fail("a text has a backslash in it that begins no escape: allowed are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
    at_ += 1 + static_cast<std::size_t>(size);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::vector<std::uint32_t> lines_;
};

} // namespace

std::vector<std::uint32_t> lines_of_json(std::string_view text) {
  return scan{text}.whole();
}

} // namespace drover
