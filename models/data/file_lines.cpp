#include "drover/models/data/file_lines.hpp"

#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace drover {

namespace {

constexpr std::size_t piece_bytes = std::size_t{4} << 20;

/// A file's bytes, decompressed where they are packed. As in file.cpp, where they are read all at once.
class unpacking_file {
public:
  explicit unpacking_file(const std::filesystem::path& path) : path_(path) {
    std::error_code problem;
    auto present = std::filesystem::status(path, problem);
    if (present.type() == std::filesystem::file_type::not_found)
      refuse(" does not exist: a data file is needed there");
    if (std::filesystem::exists(present) && !std::filesystem::is_regular_file(present))
      refuse(" is not a file: a data file is needed there");
    file_.open(path, std::ios::binary);
    if (!file_)
      refuse(std::string{" cannot be opened for reading: "} + std::strerror(errno));
    is_packed_ = file_.get() == 0x1f && file_.get() == 0x8b;
    file_.clear();
    file_.seekg(0);
    if (!is_packed_)
      return;
    unpacked_.push(boost::iostreams::gzip_decompressor());
    unpacked_.push(file_);
    // A stream hides exceptions of its filters unless it is told to pass them on.
    unpacked_.exceptions(std::ios::badbit);
  }

  /// Appends up to `bytes` to `to`, fewer only at the end.
  void read(std::size_t bytes, std::string& to) {
    auto before = to.size();
    to.resize(before + bytes);
    std::istream& in = is_packed_ ? static_cast<std::istream&>(unpacked_) : file_;
    try {
      in.read(to.data() + before, static_cast<std::streamsize>(bytes));
    } catch (const boost::iostreams::gzip_error&) {
      refuse(" is damaged: it starts as gzip but does not unpack to its end");
    } catch (const std::ios::failure&) {
      refuse(" is damaged: it starts as gzip but does not unpack to its end");
    }
    if (in.bad())
      refuse(" cannot be read to its end");
    to.resize(before + static_cast<std::size_t>(in.gcount()));
  }

  [[noreturn]] void refuse(const std::string& why) const { throw std::runtime_error(path_.string() + why); }

private:
  const std::filesystem::path& path_;
  std::ifstream file_;
  boost::iostreams::filtering_istream unpacked_;
  bool is_packed_ = false;
};

} // namespace

void read_data_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take,
                      std::uint64_t bytes_max) {
  unpacking_file file{path};
  std::string held; // begins where a line does
  std::uint64_t bytes = 0;
  for (;;) {
    auto before = held.size();
    file.read(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, bytes_max - bytes + 1)), held);
    bytes += held.size() - before;
    if (bytes > bytes_max)
      file.refuse(" holds more than " + std::to_string(bytes_max) + " bytes, which is the most that is read");
    if (std::min(held.find('\n', before), held.size()) > data_line_bytes_max)
      file.refuse(" has a line of more than " + std::to_string(data_line_bytes_max) +
                  " bytes, which is the most that is read");
    if (held.size() == before)
      break;
    auto last = std::string_view{held}.substr(before).rfind('\n');
    if (last == std::string_view::npos)
      continue;
    take(std::string_view{held}.substr(0, before + last + 1));
    held.erase(0, before + last + 1);
  }
  if (!held.empty())
    take(held);
}

} // namespace drover
