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

// The codec says that it does not know a name, never which one is near. Throws that, where it can be told.
void explain_names(std::string_view text, std::string_view codec_says) {
  auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  auto word = [is_letter](std::string_view from) {
    return from.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(from, is_letter) - from.begin()));
  };
  constexpr std::string_view unknown = "no field named '";
  if (auto at = codec_says.find(unknown); at != std::string_view::npos)
    static_cast<void>(find_field(word(codec_says.substr(at + unknown.size()))));
  for (const auto& what : schema_fields()) {
    auto at = what.type() == capnp::schema::Type::ENUM ? text.find(what.shown.name) : std::string_view::npos;
    if (at == std::string_view::npos)
      continue;
    auto rest = text.substr(at + what.shown.name.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n="), rest.size()));
    job scratch;
    set_choice(scratch.edit(), what, what.shown.name, word(rest));
  }
}

job job_from_capnp_text(const std::string& text) {
  job result;
  try {
    capnp::TextCodec{}.decode(text.c_str(), result.edit());
  } catch (const kj::Exception& problem) {
    explain_names(text, problem.getDescription().cStr());
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
