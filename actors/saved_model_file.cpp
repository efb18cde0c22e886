#include "drover/actors/saved_model_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace drover {

namespace {

// Linux moves at most 2 GiB in one call.
constexpr std::size_t chunk_bytes_max = 1u << 30;

[[noreturn]] void fail_to_read(const std::filesystem::path& place, const std::string& why) {
  throw std::runtime_error("cannot read " + place.string() + ": " + why);
}

} // namespace

input_file::input_file(std::filesystem::path place) : place_(std::move(place)) {
  descriptor_ = ::open(place_.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor_ < 0)
    fail_to_read(place_, std::strerror(errno));
  struct stat about {};
  auto result = ::fstat(descriptor_, &about);
  if (result != 0 || !S_ISREG(about.st_mode)) {
    auto why = result != 0 ? std::strerror(errno) : "it is not a regular file";
    ::close(descriptor_);
    fail_to_read(place_, why);
  }
  size_ = static_cast<std::uint64_t>(about.st_size);
}

input_file::~input_file() {
  ::close(descriptor_);
}

void input_file::read(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    auto got = ::pread(descriptor_, bytes.data(), std::min(bytes.size(), chunk_bytes_max), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail_to_read(place_, std::strerror(errno));
    if (got == 0)
      fail_to_read(place_, "it ends early");
    bytes = bytes.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
}

} // namespace drover
