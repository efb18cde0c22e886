#include "drover/actors/metrics_file.hpp"

#include <capnp/compat/json.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace drover {

namespace {

/// Counters as plain numbers: the codec's own quotes would make every reader of a log unwrap them.
class plain_counter final : public capnp::JsonCodec::Handler<std::uint64_t> {
public:
  void encode(const capnp::JsonCodec&, std::uint64_t input, capnp::json::Value::Builder output) const override {
    // JSON's numbers are doubles; above this not every whole number is one.
    if (input <= std::uint64_t{1} << 53)
      output.setNumber(static_cast<double>(input));
    else
      output.setString(std::to_string(input));
  }
  std::uint64_t decode(const capnp::JsonCodec&, capnp::json::Value::Reader) const override {
    throw std::logic_error("a metrics file is only written");
  }
};

// How lines begin.
constexpr std::string_view progress_line = R"({"progress": )";
constexpr std::string_view summary_line = R"({"summary": )";

/// True for a file with contents that are no metrics.
bool is_something_else(const std::filesystem::path& file) {
  std::error_code unknown; // opening it says what is wrong then
  if (!std::filesystem::is_regular_file(file, unknown) || std::filesystem::file_size(file, unknown) == 0)
    return false;
  std::string start(progress_line.size(), '\0');
  std::ifstream{file, std::ios::binary}.read(start.data(), static_cast<std::streamsize>(start.size()));
  return !start.starts_with(progress_line) && !start.starts_with(summary_line);
}

/// Whoever wrote it died over that.
bool ends_within_a_line(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary | std::ios::ate};
  if (!in || in.tellg() <= 0)
    return false;
  in.seekg(-1, std::ios::end);
  return in.get() != '\n';
}

/// A model that predicts numbers has no accuracy, which the codec would write as the text "NaN". In no text that it
/// writes can this be found: it has quotes.
void leave_out(std::string& json, std::string_view field) {
  auto nothing = '"' + std::string{field} + R"(":"NaN")";
  for (auto at = json.find(nothing); at != std::string::npos; at = json.find(nothing, at)) {
    json.erase(at, nothing.size());
    if (json[at] == ',')
      json.erase(at, 1);
    else if (json[at - 1] == ',')
      json.erase(at - 1, 1);
  }
}

template <class Reader>
std::string to_line(Reader what) {
  plain_counter counters;
  capnp::JsonCodec codec;
  codec.addTypeHandler(counters);
  std::string result = codec.encode(what).cStr();
  for (auto field : {"accuracy", "testAccuracy"})
    leave_out(result, field);
  return result;
}

} // namespace

metrics_file::metrics_file(std::filesystem::path file, older metrics) : path_(std::move(file)) {
  if (is_something_else(path_))
    throw std::runtime_error(
        "cannot write metrics to " + path_.string() +
        ": the file that is there does not begin as metrics do, and is not replaced: name another");
  auto cut = metrics == older::stay && ends_within_a_line(path_);
  out_.open(path_, metrics == older::stay ? std::ios::app : std::ios::trunc);
  if (!out_)
    throw std::runtime_error("cannot write metrics to " + path_.string() + ": " + std::strerror(errno));
  if (cut)
    out_ << '\n';
}

void metrics_file::write(messages::Progress::Reader progress) {
  write_line(progress_line, to_line(progress));
}

void metrics_file::write(messages::Summary::Reader summary) {
  write_line(summary_line, to_line(summary));
}

void metrics_file::write_line(std::string_view begin, std::string_view json) {
  out_ << begin << json << "}\n" << std::flush;
  if (!out_)
    throw std::runtime_error("cannot write metrics to " + path_.string() + ": " + std::strerror(errno));
}

} // namespace drover
