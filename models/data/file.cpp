#include "drover/models/data/file.hpp"

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace drover {

namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 20;

bool is_gzip(std::istream& file) {
  bool result = file.get() == 0x1f && file.get() == 0x8b;
  file.clear();
  file.seekg(0);
  return result;
}

std::string read_all(std::istream& in, const std::filesystem::path& path, std::uint64_t bytes_max) {
  std::string result;
  while (in) {
    auto before = result.size();
    auto wanted = std::min<std::uint64_t>(chunk_bytes, bytes_max - before + 1);
    result.resize(before + wanted);
    in.read(result.data() + before, static_cast<std::streamsize>(wanted));
    result.resize(before + static_cast<std::size_t>(in.gcount()));
    if (result.size() > bytes_max)
      throw std::runtime_error(path.string() + " holds more than " + std::to_string(bytes_max) +
                               " bytes, which is the most that is read");
  }
  if (in.bad())
    throw std::runtime_error(path.string() + " cannot be read to its end");
  return result;
}

} // namespace

std::string read_data_file(const std::filesystem::path& path, std::uint64_t bytes_max) {
  std::error_code problem;
  auto present = std::filesystem::status(path, problem);
  if (present.type() == std::filesystem::file_type::not_found)
    throw std::runtime_error(path.string() + " does not exist: a data file is needed there");
  if (std::filesystem::exists(present) && !std::filesystem::is_regular_file(present))
    throw std::runtime_error(path.string() + " is not a file: a data file is needed there");
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(path.string() + " cannot be opened for reading: " + std::strerror(errno));
  if (!is_gzip(file))
    return read_all(file, path, bytes_max);
  boost::iostreams::filtering_istream unpacked;
  unpacked.push(boost::iostreams::gzip_decompressor());
  unpacked.push(file);
  // A stream hides exceptions of its filters unless it is told to pass them on.
  unpacked.exceptions(std::ios::badbit);
  try {
    return read_all(unpacked, path, bytes_max);
  } catch (const boost::iostreams::gzip_error&) {
    throw std::runtime_error(path.string() + " is damaged: it starts as gzip but does not unpack to its end");
  } catch (const std::ios::failure&) {
    throw std::runtime_error(path.string() + " is damaged: it starts as gzip but does not unpack to its end");
  }
}

} // namespace drover
