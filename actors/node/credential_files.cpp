#include "drover/actors/node/credential_files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace drover {

namespace {

// Enough for any certificate or key; who names a data file by mistake shall not wait for it to be read.
constexpr std::size_t credential_bytes_max = std::size_t{64} * 1024;

/// A file descriptor, closed at the end.
class descriptor {
public:
  explicit descriptor(int value) : value_(value) {}
  ~descriptor() {
    if (value_ >= 0)
      ::close(value_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] bool is_open() const { return value_ >= 0; }

private:
  int value_;
};

[[noreturn]] void refuse_file(const std::filesystem::path& file, const std::string& why) {
  throw std::runtime_error(file.string() + ": " + why);
}

[[noreturn]] void fail_to_read(const std::filesystem::path& file, const std::string& why) {
  refuse_file(file, "it cannot be read: " + why);
}

void check_mode(const std::filesystem::path& file, const struct stat& about, secrecy kind) {
  if (kind == secrecy::open) {
    if ((about.st_mode & S_IWOTH) != 0)
      refuse_file(file, "everybody on this machine may change it: chmod o-w it");
    return;
  }
  auto allowed = about.st_uid == 0 ? S_IRUSR | S_IWUSR | S_IRGRP : S_IRUSR | S_IWUSR;
  if ((about.st_mode & (S_IRWXG | S_IRWXO) & ~static_cast<mode_t>(allowed)) != 0)
    refuse_file(file, "others on this machine may use it, and it is a secret: chmod 600 it");
}

void write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    auto written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      throw std::system_error(errno, std::generic_category());
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

/// What a folder is renamed to cannot end with a slash or be a symbolic link.
std::filesystem::path resolved(const std::filesystem::path& place) {
  std::error_code unknown; // making it says what is wrong then
  auto result = std::filesystem::weakly_canonical(place, unknown);
  if (unknown)
    result = place;
  return result.has_filename() ? result : result.parent_path();
}

} // namespace

void check_credential_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  auto present = std::filesystem::status(folder, problem);
  if (!std::filesystem::exists(present))
    refuse_file(folder,
                "there are no credentials: " + (problem ? problem.message() : std::string{std::strerror(ENOENT)}) +
                    "; drover node --make-credentials makes some");
  if (!std::filesystem::is_directory(present))
    refuse_file(folder, "credentials are a folder, and this is none");
}

std::string read_credential(const std::filesystem::path& file, secrecy kind) {
  // Without O_NONBLOCK a pipe would be waited for.
  descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat about {};
  if (!in.is_open() || ::fstat(in.get(), &about) != 0)
    fail_to_read(file, std::strerror(errno));
  if (!S_ISREG(about.st_mode))
    fail_to_read(file, "it is not a regular file");
  check_mode(file, about, kind);
  std::string result(credential_bytes_max + 1, '\0');
  std::size_t size = 0;
  while (size < result.size()) {
    auto got = ::read(in.get(), result.data() + size, result.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail_to_read(file, std::strerror(errno));
    if (got == 0)
      break;
    size += static_cast<std::size_t>(got);
  }
  if (size > credential_bytes_max)
    refuse_file(file, "it has more than 65536 bytes, which a credential never needs");
  result.resize(size);
  return result;
}

new_credential_folder::new_credential_folder(const std::filesystem::path& place) : place_(resolved(place)) {
  std::error_code unknown; // making it says what is wrong then
  if (std::filesystem::exists(std::filesystem::symlink_status(place_, unknown)))
    fail("something is there already, and is left as it is: name a folder that is not there yet");
  auto name = place_.string() + ".partial-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) // mode 0700
    fail(std::strerror(errno));
  temporary_ = name;
}

new_credential_folder::~new_credential_folder() {
  if (committed_ || temporary_.empty())
    return;
  std::error_code ignored;
  std::filesystem::remove_all(temporary_, ignored);
}

void new_credential_folder::write(const std::string& name, std::string_view contents, secrecy kind) {
  descriptor out{::open((temporary_ / name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                        kind == secrecy::secret ? 0600 : 0644)};
  if (!out.is_open())
    fail(std::strerror(errno));
  try {
    write_all(out.get(), contents);
  } catch (const std::system_error& problem) {
    fail(problem.code().message());
  }
  if (::fsync(out.get()) != 0)
    fail(std::strerror(errno));
}

void new_credential_folder::commit() {
  // Replaces nothing that came there meanwhile, but for an empty folder.
  if (::rename(temporary_.c_str(), place_.c_str()) != 0)
    fail(std::strerror(errno));
  committed_ = true;
  auto parent = place_.parent_path();
  descriptor above{::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  // Some file systems cannot do that for a folder; the files themselves are on disk.
  if (above.is_open() && ::fsync(above.get()) != 0 && errno != EINVAL)
    fail(std::strerror(errno));
}

void new_credential_folder::fail(const std::string& why) const {
  throw std::runtime_error("cannot make credentials in " + place_.string() + ": " + why);
}

} // namespace drover
