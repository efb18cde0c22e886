#include "drover/models/data/ratings_text.hpp"

#include "drover/models/data/csv_lines.hpp"
#include "drover/models/data/line_cursor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace drover {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

struct separator_words {
  std::string_view mark;
  const char* name;
};

constexpr std::array<separator_words, 4> separators = {
    {{"::", "::"}, {"\t", "tabs"}, {",", "commas"}, {" ", "blanks"}}};

const separator_words& words_of(rating_separator which) {
  return separators[static_cast<std::size_t>(which)];
}

[[noreturn]] void refuse(std::string_view at, const std::string& why) {
  line_cursor::refuse_at(at.data(), why);
}

/// From the first letter that is no blank, perhaps its end.
std::string_view without_blanks_before(std::string_view text) {
  while (!text.empty() && line_cursor::is_blank(text.front()))
    text.remove_prefix(1);
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && line_cursor::is_blank(text.back()))
    text.remove_suffix(1);
  return without_blanks_before(text);
}

/// A part of its line, without quotes and blanks around it.
struct field {
  std::string_view text;
  bool is_quoted = false; ///< quotes in it are doubled
};

/// Takes a line apart from its left to its right.
class cursor {
public:
  cursor(std::string_view line, rating_separator separator)
      : separator_(separator), rest_(separator == rating_separator::blanks ? trimmed(line) : line) {}

  /// False behind the last field.
  bool next(field& into) {
    if (ended_)
      return false;
    if (separator_ == rating_separator::comma)
      take_csv(into);
    else if (separator_ == rating_separator::blanks)
      take_word(into);
    else
      take_plain(into);
    return true;
  }

private:
  void take_plain(field& into) {
    auto mark = words_of(separator_).mark;
    auto end = rest_.find(mark);
    into = {trimmed(rest_.substr(0, end))};
    skip(end, mark.size());
  }

  void take_word(field& into) {
    std::size_t end = 0;
    while (end != rest_.size() && !line_cursor::is_blank(rest_[end]))
      ++end;
    into = {rest_.substr(0, end)};
    rest_ = without_blanks_before(rest_.substr(end));
    ended_ = rest_.empty();
  }

  void take_csv(field& into) {
    auto quoted = without_blanks_before(rest_);
    if (quoted.starts_with('"')) {
      rest_ = quoted.substr(1);
      take_quoted(into);
      return;
    }
    take_plain(into);
    if (into.text.find('"') != std::string_view::npos)
      refuse(into.text, "a quote stands inside a field that does not start with one");
  }

  void take_quoted(field& into) {
    std::size_t end = 0;
    for (;; end += 2) {
      end = rest_.find('"', end);
      if (end == std::string_view::npos)
        refuse(rest_, "a quoted field does not end on its line");
      if (end + 1 == rest_.size() || rest_[end + 1] != '"')
        break;
    }
    into = {rest_.substr(0, end), true};
    auto behind = without_blanks_before(rest_.substr(end + 1));
    if (!behind.empty() && behind.front() != ',')
      refuse(behind, "a comma or the end of the line is needed behind a quoted field");
    ended_ = behind.empty();
    rest_ = behind.substr(ended_ ? 0 : 1);
  }

  void skip(std::size_t end, std::size_t mark) {
    ended_ = end == std::string_view::npos;
    rest_.remove_prefix(ended_ ? rest_.size() : end + mark);
  }

  rating_separator separator_;
  std::string_view rest_;
  bool ended_ = false;
};

/// The first separator that is there twice.
std::optional<rating_separator> recognise(std::string_view line) {
  for (auto which : {rating_separator::colons, rating_separator::tab, rating_separator::comma}) {
    auto mark = words_of(which).mark;
    if (auto first = line.find(mark); first != std::string_view::npos)
      if (line.find(mark, first + mark.size()) != std::string_view::npos)
        return which;
  }
  cursor words{line, rating_separator::blanks};
  field word;
  for (int i = 0; i < 3; ++i)
    if (!words.next(word))
      return std::nullopt;
  return rating_separator::blanks;
}

/// Nothing where it is none, infinity where a float cannot hold it.
std::optional<float> number_in(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-"))
    text.remove_prefix(1); // from_chars(3) takes no plus
  float result = 0;
  auto [after, problem] = std::from_chars(text.data(), text.data() + text.size(), result);
  if (problem == std::errc::invalid_argument || after != text.data() + text.size())
    return std::nullopt;
  return problem == std::errc{} ? result : std::numeric_limits<float>::infinity();
}

bool is_header(std::string_view line, rating_separator separator) {
  cursor fields{line, separator};
  for (field each; fields.next(each);)
    if (number_in(each.text))
      return false;
  return true;
}

std::string written(float number) {
  std::array<char, 32> letters{};
  return {letters.data(), std::to_chars(letters.data(), letters.data() + letters.size(), number).ptr};
}

float value_in(const field& from, const ratings_text_options& allowed) {
  auto value = number_in(from.text);
  if (!value)
    refuse(from.text, "a rating has to be a number");
  if (!std::isfinite(*value))
    refuse(from.text, "a rating has to be a number that a float can hold");
  if (!(*value >= allowed.minimum && *value <= allowed.maximum))
    refuse(from.text, "a rating is " + written(*value) + ": " + written(allowed.minimum) + " to " +
                          written(allowed.maximum) + " are allowed");
  return *value;
}

bool is_as_it_is(const field& from) {
  return std::ranges::none_of(from.text, [&from](char letter) {
    return static_cast<unsigned char>(letter) > 0x7f || (letter == '"' && from.is_quoted);
  });
}

/// An id in UTF-8, without doubled quotes; `room` holds it where it is not written so.
std::string_view id_in(const field& from, std::string& room, const char* kind) {
  if (from.text.empty())
    refuse(from.text, std::string{kind} + " is empty");
  auto result = from.text;
  if (!is_as_it_is(from)) {
    std::string doubled; // as csv_lines wants quotes
    for (auto letter : from.text)
      doubled.append(letter == '"' && !from.is_quoted ? 2 : 1, letter);
    result = room = csv_lines::unquoted(doubled);
  }
  if (result.size() > ratings_text::name_bytes_max)
    refuse(from.text, std::string{kind} + " is longer than " + std::to_string(ratings_text::name_bytes_max) + " bytes");
  return result;
}

} // namespace

ratings_text::ratings_text(std::string name, const ratings_text_options& options, const rating_names* like)
    : name_(std::move(name)), options_(options), is_fixed_(like != nullptr) {
  if (like == nullptr)
    return;
  users_ = index_of(like->users, "user");
  items_ = index_of(like->items, "item");
}

std::optional<std::uint32_t> ratings_text::name_index::find(std::string_view name) const {
  if (slots_.empty())
    return std::nullopt;
  std::uint64_t hash = std::hash<std::string_view>{}(name);
  for (auto at = hash;; ++at) {
    const auto& here = slots_[at & (slots_.size() - 1)];
    if (here.index == rating_unknown)
      return std::nullopt;
    if (here.hash == hash >> 32 && names_[here.index] == name)
      return here.index;
  }
}

void ratings_text::name_index::add(std::string name) {
  names_.push_back(std::move(name));
  if (names_.size() * 2 <= slots_.size())
    return place(static_cast<std::uint32_t>(names_.size() - 1));
  slots_.assign(std::max<std::size_t>(slots_.size() * 2, 16), {});
  for (std::uint32_t i = 0; i < names_.size(); ++i)
    place(i);
}

void ratings_text::name_index::place(std::uint32_t index) {
  std::uint64_t hash = std::hash<std::string_view>{}(names_[index]);
  auto at = hash;
  while (slots_[at & (slots_.size() - 1)].index != rating_unknown)
    ++at;
  slots_[at & (slots_.size() - 1)] = {static_cast<std::uint32_t>(hash >> 32), index};
}

std::vector<std::string> ratings_text::name_index::take() {
  slots_.clear();
  return std::exchange(names_, {});
}

ratings_text::name_index ratings_text::index_of(const std::vector<std::string>& names, const char* kind) {
  name_index result;
  for (const auto& name : names) {
    if (result.find(name))
      throw std::invalid_argument("names of ratings have the " + std::string{kind} + " '" + name + "' twice");
    result.add(name);
  }
  return result;
}

rating_names ratings_text::take_names() {
  return {users_.take(), items_.take()};
}

void ratings_text::read(std::string_view lines, std::vector<rating>& into, bad_lines& bad) {
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
      if (!without_blanks_before(line).empty())
        read_line(line, into);
    } catch (const line_problem& problem) {
      bad.take(name_ + ", line " + std::to_string(line_) + ", column " + std::to_string(problem.at - line.data() + 1) +
               ": " + problem.why);
    }
  }
}

void ratings_text::read_line(std::string_view line, std::vector<rating>& into) {
  auto separator = separator_ ? separator_ : recognise(line);
  if (!separator)
    refuse_fields(line);
  cursor fields{line, *separator};
  field user;
  field item;
  field value;
  if (!fields.next(user) || !fields.next(item) || !fields.next(value))
    refuse_fields(line);
  if (!separator_) {
    separator_ = separator;
    separator_line_ = line_;
    if (is_header(line, *separator))
      return;
  }
  // Only blanks part lines of other separators into three fields, "1, 2, 3", and would leave those to the ids. Tabs are
  // blanks, too.
  if (separator_ == rating_separator::blanks)
    if (auto other = recognise({line.data(), value.text.data()});
        other == rating_separator::colons || other == rating_separator::comma)
      refuse_fields(line);
  std::string user_room;
  std::string item_room;
  auto user_name = id_in(user, user_room, "a user");
  auto item_name = id_in(item, item_room, "an item");
  rating result;
  result.value = value_in(value, options_);
  result.user = find(users_, user_name, user.text, "users");
  result.item = find(items_, item_name, item.text, "items");
  if (result.user == users_.size())
    users_.add(std::string{user_name});
  if (result.item == items_.size())
    items_.add(std::string{item_name});
  into.push_back(result);
}

std::uint32_t ratings_text::find(const name_index& index, std::string_view name, std::string_view written,
                                 const char* kind) const {
  if (auto found = index.find(name))
    return *found;
  if (is_fixed_)
    return rating_unknown;
  if (index.size() >= options_.names_max)
    refuse(written, "there are more than " + std::to_string(options_.names_max) + ' ' + kind);
  return static_cast<std::uint32_t>(index.size());
}

void ratings_text::refuse_fields(std::string_view line) const {
  auto here = recognise(line);
  if (separator_ && here && *here != *separator_)
    refuse(line, std::string{words_of(*here).name} + " separate the fields, but " + words_of(*separator_).name +
                     " did in line " + std::to_string(separator_line_) + ": one separator is needed in all lines");
  refuse(line.substr(line.size()), "a rating is written USER ITEM RATING, and there are fewer than three fields" +
                                       (separator_ ? std::string{" between "} + words_of(*separator_).name : ""));
}

} // namespace drover
