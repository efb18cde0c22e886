#include "drover/actors/job.hpp"
#include "drover/actors/job_codec_error.hpp"
#include "drover/actors/job_value.hpp"

#include <capnp/serialize-text.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace drover {

namespace {

// A job has a few dozen fields; who passes a data file by mistake shall not wait for it to be read.
constexpr std::size_t file_bytes_max = 1 << 20;

std::string read_file(const std::filesystem::path& file) {
  auto fail = [](const std::string& why) { throw std::invalid_argument("it cannot be read: " + why); };
  if (std::filesystem::is_directory(file))
    fail("it is a folder");
  std::ifstream in{file, std::ios::binary};
  if (!in)
    fail(std::strerror(errno));
  std::string text(file_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad())
    fail(std::strerror(errno));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > file_bytes_max)
    fail("it has more than " + std::to_string(file_bytes_max) + " bytes, which no job needs");
  return text;
}

job job_from_capnp_text(const std::string& text) {
  job result;
  try {
    capnp::TextCodec{}.decode(text.c_str(), result.edit());
  } catch (const kj::Exception& problem) {
    throw std::invalid_argument("this is not a job in Cap'n Proto text: " + reason_of(problem));
  }
  check_limits(result.read());
  return result;
}

} // namespace

job job_from_file(const std::filesystem::path& file) {
  try {
    auto text = read_file(file);
    auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos)
      throw std::invalid_argument("it is empty; a job without any settings is {}");
    return text[first] == '(' ? job_from_capnp_text(text) : job_from_json(text);
  } catch (const std::invalid_argument& problem) {
    throw std::invalid_argument("job file " + file.string() + ": " + problem.what());
  }
}

} // namespace drover
