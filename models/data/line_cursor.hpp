#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace drover {

/// Why a line cannot be read, and where in it: thrown by what reads a line, for what knows the file and its lines.
struct line_problem {
  const char* at;
  std::string why;
};

/// Reads one line from its left to its right. A view: the line must outlive it. What is refused is thrown as a
/// `line_problem`.
class line_cursor {
public:
  explicit line_cursor(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  [[nodiscard]] static bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

  /// Goes to the next letter that is no blank; false at the end of the line.
  bool skip_blanks() {
    while (at_ != end_ && is_blank(*at_))
      ++at_;
    return at_ != end_;
  }

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  /// The letter here, which is not at the end.
  [[nodiscard]] char letter() const { return *at_; }
  [[nodiscard]] const char* position() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  /// Goes behind what is written here; false where it is not.
  bool take(std::string_view what) {
    if (!rest().starts_with(what))
      return false;
    at_ += what.size();
    return true;
  }

  /// Takes letters up to one of which `ends` is true, or to the end of the line.
  template <class Ends>
  std::string_view take_until(Ends ends) {
    const auto* begin = at_;
    while (at_ != end_ && !ends(*at_))
      ++at_;
    return {begin, static_cast<std::size_t>(at_ - begin)};
  }

  /// A decimal number, rounded to a float; too small a one is 0. `what` it has to be, for a refusal.
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

  /// Goes behind the digits that are here, perhaps none, and returns the whole number that they are; `is_too_large`
  /// becomes true where 64 bits cannot hold it.
  std::uint64_t take_digits(bool& is_too_large) {
    constexpr std::ptrdiff_t digits_safe = 19;
    std::uint64_t result = 0;
    const auto* begin = at_;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '9' && at_ - begin < digits_safe; ++at_)
      result = result * 10 + static_cast<std::uint64_t>(*at_ - '0');
    if (at_ - begin == digits_safe) {
      auto [after, problem] = std::from_chars(begin, end_, result);
      at_ = after;
      is_too_large = problem != std::errc{};
    }
    return result;
  }

  [[noreturn]] void refuse(const std::string& why) const { refuse_at(at_, why); }
  [[noreturn]] static void refuse_at(const char* where, const std::string& why) { throw line_problem{where, why}; }

private:
  /// Infinity for what is too large, 0 for what is too small; whatever language the program speaks.
  static double read_slowly(const std::string& text);

  const char* at_;
  const char* end_;
};

} // namespace drover
