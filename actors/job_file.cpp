#include "drover/actors/core/codec_error.hpp"
#include "drover/actors/core/text_file.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/job_schema.hpp"
#include "drover/actors/job_value.hpp"

#include <capnp/serialize-text.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace drover {

namespace {

// A job has a few dozen fields; who passes a data file by mistake shall not wait for it to be read.
constexpr std::size_t file_bytes_max = 1 << 20;

// The codec goes one call deeper with each bracket and each dot of a.b.c, without a limit of its own.
constexpr std::ptrdiff_t nesting_max = 200;

/// Cap'n Proto text with blanks for comments and for what is in quotes, taken apart as its lexer does.
std::string without_quoted(std::string text) {
  char inside = 0; // what began it: a quote or #
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto letter = text[i];
    if (letter == '\n' || (inside == '"' && letter == '"'))
      inside = 0;
    else if (inside == 0 && (letter == '"' || letter == '#'))
      inside = letter;
    else if (inside != 0) {
      text[i] = ' ';
      if (inside == '"' && letter == '\\' && i + 1 < text.size() && text[i + 1] != '\n')
        text[++i] = ' ';
    }
  }
  return text;
}

void refuse_nesting(std::string_view text) {
  auto deepens = [](char c) { return c == '(' || c == '[' || c == '.'; };
  if (std::ranges::count_if(text, deepens) > nesting_max)
    throw std::invalid_argument("it has more than " + std::to_string(nesting_max) +
                                " opening brackets and dots outside quotes, which no job needs");
}

bool is_letter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, is_letter) - text.begin()));
}

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

/// The word behind `name =`; empty where there is none.
std::string_view value_of(std::string_view name, std::string_view text) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    auto rest = without_blanks(text.substr(at + name.size()));
    if (rest.starts_with('=') && (at == 0 || !is_letter(text[at - 1])))
      return first_word(without_blanks(rest.substr(1)));
  }
  return {};
}

// The codec says that it does not know a name, never which one is near. Throws that, where it can be told.
void explain_names(std::string_view text, std::string_view codec_says) {
  constexpr std::string_view unknown = "no field named '";
  if (auto at = codec_says.find(unknown); at != std::string_view::npos)
    static_cast<void>(find_field(first_word(codec_says.substr(at + unknown.size()))));
  job scratch;
  for (const auto& what : schema_fields())
    if (what.type() == capnp::schema::Type::ENUM)
      if (auto value = value_of(what.shown.name, text); !value.empty())
        set_choice(scratch.edit(), what, what.shown.name, value);
}

job job_from_capnp_text(const std::string& text) {
  job result;
  auto unquoted = without_quoted(text);
  refuse_nesting(unquoted);
  try {
    capnp::TextCodec{}.decode(text.c_str(), result.edit());
  } catch (const kj::Exception& problem) {
    explain_names(unquoted, problem.getDescription().cStr());
    throw std::invalid_argument("this is not a job in Cap'n Proto text: " + reason_of(problem));
  }
  check_limits(result.read());
  return result;
}

} // namespace

job job_from_file(const std::filesystem::path& file) {
  try {
    auto text = read_text_file(file, file_bytes_max, "a job");
    auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos)
      throw std::invalid_argument("it is empty; a job without any settings is {}");
    if (text.find('\0') != std::string::npos)
      throw std::invalid_argument("it has a zero byte, which no text has");
    return text[first] == '(' || text[first] == '#' ? job_from_capnp_text(text) : job_from_json(text);
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument("job file " + file.string() + ": " + problem.what());
  }
}

} // namespace drover
