#include "drover/models/data/vw_text.hpp"

#include <cmath>

namespace drover {

namespace {

bool ends_name(char letter) {
  return line_cursor::is_blank(letter) || letter == '|' || letter == ':';
}

/// Where a word of a line ends that is no part of a namespace.
void end_before_bar(const line_cursor& line, const char* what) {
  if (!line.at_end() && !line_cursor::is_blank(line.letter()) && line.letter() != '|')
    line.refuse("a blank is needed behind " + std::string{what});
}

/// The part before the first bar, without the tag, which is its last word.
std::string_view without_tag(std::string_view part) {
  if (part.empty())
    return part;
  auto touches = !line_cursor::is_blank(part.back());
  auto end = part.find_last_not_of(" \t");
  if (end == std::string_view::npos)
    return {part.data(), 0};
  auto blank = part.find_last_of(" \t", end);
  auto begin = blank == std::string_view::npos ? 0 : blank + 1;
  return touches || part[begin] == '\'' ? part.substr(0, begin) : part.substr(0, end + 1);
}

float take_label(std::string_view part) {
  line_cursor words{part};
  if (!words.skip_blanks())
    words.refuse("a row has to begin with a label, and a blank between it and the bar: what touches that is a tag");
  auto label = words.take_number("a label");
  end_before_bar(words, "a label");
  if (!words.skip_blanks())
    return label;
  const auto* where = words.position();
  if (words.take_number("an importance") != 1)
    words.refuse_at(where, "an importance has to be 1: weights of samples are not supported");
  end_before_bar(words, "an importance");
  if (words.skip_blanks())
    words.refuse("a label, an importance and a tag are all that may stand before the first bar");
  return label;
}

} // namespace

void vw_text::read(std::string_view lines, sparse_rows& into, bad_lines& bad) {
  lines_.read(lines, into, bad, [this, &into](std::string_view line) { read_row(line, into); });
}

void vw_text::read_row(std::string_view text, sparse_rows& into) {
  line_cursor line{text};
  if (!line.skip_blanks())
    return;
  auto bar = text.find('|');
  if (bar == std::string_view::npos)
    line_cursor::refuse_at(text.data() + text.size(), "a row needs a bar, |, before its features");
  auto label = take_label(without_tag(text.substr(0, bar)));
  features_.clear();
  line = line_cursor{text.substr(bar)};
  while (line.take("|"))
    read_namespace(line);
  if (!features_.write(into))
    line_cursor::refuse_at(text.data(), "values that are added, of features that hash alike, are more than a float "
                                        "holds");
  into.labels.push_back(label);
  into.ends.push_back(into.columns.size());
}

void vw_text::read_namespace(line_cursor& line) {
  feature_namespace hash{line.take_until(ends_name)};
  auto scale = line.take(":") ? line.take_number("a namespace's value") : 1.0f;
  end_before_bar(line, "a namespace's value");
  while (line.skip_blanks() && line.letter() != '|') {
    const auto* where = line.position();
    auto name = line.take_until(ends_name);
    if (name.empty())
      line.refuse("a feature needs a name before its value");
    auto value = (line.take(":") ? line.take_number("a value") : 1.0f) * scale;
    end_before_bar(line, "a value");
    if (!std::isfinite(value))
      line.refuse_at(where, "a value times that of its namespace has to be a number that a float can hold");
    features_.add(hash(name), value);
  }
}

} // namespace drover
