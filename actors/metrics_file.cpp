#include "drover/actors/metrics_file.hpp"

#include <capnp/compat/json.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

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

template <class Reader>
kj::String to_line(Reader what) {
  plain_counter counters;
  capnp::JsonCodec codec;
  codec.addTypeHandler(counters);
  return codec.encode(what);
}

} // namespace

metrics_file::metrics_file(const std::filesystem::path& file) : path_(file), out_(file, std::ios::trunc) {
  if (!out_)
    throw std::runtime_error("cannot write metrics to " + path_.string() + ": " + std::strerror(errno));
}

void metrics_file::write(messages::Progress::Reader progress) {
  write_line("progress", to_line(progress));
}

void metrics_file::write(messages::Summary::Reader summary) {
  write_line("summary", to_line(summary));
}

void metrics_file::write_line(const char* kind, kj::StringPtr json) {
  out_ << "{\"" << kind << "\": " << json.cStr() << "}\n" << std::flush;
  if (!out_)
    throw std::runtime_error("cannot write metrics to " + path_.string() + ": " + std::strerror(errno));
}

} // namespace drover
