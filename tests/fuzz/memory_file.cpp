#include "tests/fuzz/memory_file.hpp"

#include <cerrno>
#include <string>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

namespace drover::fuzz {

memory_file::memory_file(std::span<const std::uint8_t> bytes) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
  if (descriptor_ < 0)
    throw std::system_error(errno, std::generic_category(), "memfd_create");
  while (!bytes.empty()) {
    auto written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0)
      throw std::system_error(errno, std::generic_category(), "write");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

memory_file::~memory_file() {
  ::close(descriptor_);
}

std::filesystem::path memory_file::path() const {
  return "/proc/self/fd/" + std::to_string(descriptor_);
}

} // namespace drover::fuzz
