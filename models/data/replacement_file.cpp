#include "drover/models/data/replacement_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace drover {

namespace {

// Linux moves at most 2 GiB in one call.
constexpr std::size_t write_bytes_max = 1u << 30;

// Names tried for the file that is written to.
constexpr int attempts_max = 100;

// As many as Linux follows.
constexpr int links_max = 40;

std::filesystem::path folder_of(const std::filesystem::path& place) {
  auto folder = place.parent_path();
  return folder.empty() ? std::filesystem::path{"."} : folder;
}

/// The place that symbolic links lead to, be there a file or not.
std::filesystem::path followed(std::filesystem::path place) {
  std::error_code unknown; // opening it says what is wrong then
  for (int link = 0; link < links_max && std::filesystem::is_symlink(place, unknown); ++link)
    place = place.parent_path() / std::filesystem::read_symlink(place, unknown);
  return place;
}

} // namespace

replacement_file::replacement_file(std::filesystem::path place) : place_(followed(std::move(place))) {
  std::error_code ignored;
  if (std::filesystem::is_symlink(place_, ignored))
    fail(std::strerror(ELOOP));
  auto present = std::filesystem::status(place_, ignored);
  // A rename would put a file where a folder or a device was.
  if (std::filesystem::exists(present) && !std::filesystem::is_regular_file(present))
    fail("something else than a regular file is there");
  if (place_.filename().empty())
    fail("it has no file name");
  for (int attempt = 0; attempt < attempts_max && descriptor_ < 0; ++attempt) {
    temporary_ = place_.string() + ".partial-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST)
      fail(std::strerror(errno));
  }
  if (descriptor_ < 0)
    fail("too many files that were left behind half written are beside it");
}

replacement_file::~replacement_file() {
  if (descriptor_ < 0)
    return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void replacement_file::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    auto written = ::write(descriptor_, bytes.data(), std::min(bytes.size(), write_bytes_max));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      fail(std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void replacement_file::commit() {
  if (::fsync(descriptor_) != 0 || ::rename(temporary_.c_str(), place_.c_str()) != 0)
    fail(std::strerror(errno));
  ::close(descriptor_);
  descriptor_ = -1;
  sync_folder();
}

void replacement_file::sync_folder() const {
  auto folder = ::open(folder_of(place_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    fail(std::strerror(errno));
  auto result = ::fsync(folder);
  auto error = errno;
  ::close(folder);
  // Some file systems cannot do that for a folder; the file itself is on disk.
  if (result != 0 && error != EINVAL)
    fail(std::strerror(error));
}

void replacement_file::fail(const std::string& why) const {
  throw std::runtime_error("cannot save " + place_.string() + ": " + why);
}

} // namespace drover
