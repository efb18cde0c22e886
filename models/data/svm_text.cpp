#include "drover/models/data/svm_text.hpp"

#include "drover/models/data/line_cursor.hpp"

#include <limits>

namespace drover {

namespace {

/// Goes to the next word; false at the end of the line, which a comment is, too.
bool find_word(line_cursor& line) {
  return line.skip_blanks() && line.letter() != '#';
}

void end_word(const line_cursor& line, const char* what) {
  if (!line.at_end() && !line_cursor::is_blank(line.letter()) && line.letter() != '#')
    line.refuse("a blank is needed behind " + std::string{what});
}

std::uint64_t take_id(line_cursor& line, std::uint64_t id_max) {
  const auto* begin = line.position();
  bool is_too_large = false;
  auto id = line.take_digits(is_too_large);
  if (line.position() == begin)
    line.refuse("a feature is written ID:VALUE, with a whole number as ID");
  if (is_too_large || id > id_max)
    line.refuse_at(begin, "an ID is larger than " + std::to_string(id_max));
  if (!line.take(":"))
    line.refuse_at(begin, "a feature is written ID:VALUE, and there is no colon behind this ID");
  return id;
}

/// `add`: takes ID and value of a feature.
template <class Add>
void read_features(line_cursor& line, std::uint64_t id_max, Add add) {
  std::uint64_t previous = 0;
  for (bool is_first = true; find_word(line); is_first = false) {
    const auto* where = line.position();
    auto id = take_id(line, id_max);
    if (!is_first && id <= previous)
      line.refuse_at(where, id == previous ? "ID " + std::to_string(id) + " is there twice"
                                           : "ID " + std::to_string(id) + " stands behind " + std::to_string(previous) +
                                                 ": IDs have to ascend");
    previous = id;
    auto value = line.take_number("a value");
    end_word(line, "a value");
    add(id, value);
  }
}

} // namespace

svm_text svm_text::hashed(std::string name, std::uint32_t bits) {
  svm_text result{std::move(name)};
  result.id_max_ = std::numeric_limits<std::uint64_t>::max();
  result.hashed_.emplace(bits);
  return result;
}

void svm_text::read(std::string_view lines, sparse_rows& into, bad_lines& bad) {
  lines_.read(lines, into, bad, [this, &into](std::string_view line) { read_row(line, into); });
}

void svm_text::read_row(std::string_view text, sparse_rows& into) {
  line_cursor line{text};
  if (!find_word(line))
    return;
  auto label = line.take_number("a label");
  if (line.take(":"))
    line_cursor::refuse_at(text.data(), "a row has to begin with a label");
  end_word(line, "a label");
  if (find_word(line) && line.take("qid:")) {
    static_cast<void>(line.take_number("a query"));
    end_word(line, "a query");
  }
  if (!hashed_) {
    read_features(line, id_max_, [&into](std::uint64_t id, float value) {
      into.columns.push_back(static_cast<std::uint32_t>(id));
      into.values.push_back(value);
    });
  } else {
    hashed_->clear();
    read_features(line, id_max_, [this](std::uint64_t id, float value) { hashed_->add(mixed_bits(id), value); });
    if (!hashed_->write(into))
      line_cursor::refuse_at(text.data(), "values that are added, of IDs that hash alike, are more than a float holds");
  }
  into.labels.push_back(label);
  into.ends.push_back(into.columns.size());
}

} // namespace drover
