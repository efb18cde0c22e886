#include "drover/actors/node/plane/shared_memory.hpp"

#include "drover/actors/node/plane/transport.hpp"
#include "drover/messages/frame.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace drover::plane {

namespace {

constexpr int seals_needed = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;

// All pages now and not one by one: taking them is what costs.
void* map(const descriptor& file, std::size_t bytes, int access) {
  return ::mmap(nullptr, bytes, access, MAP_SHARED | MAP_POPULATE, file.get(), 0);
}

} // namespace

std::optional<shared_memory::made> shared_memory::make(std::size_t bytes, const char* name) {
  descriptor file{::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  // Pages that there is no memory for are refused here, and not by a signal when they are written.
  if (!file || bytes == 0 || ::posix_fallocate(file.get(), 0, static_cast<off_t>(bytes)) != 0)
    return std::nullopt;
  auto data = map(file, bytes, PROT_READ | PROT_WRITE);
  if (data == MAP_FAILED)
    return std::nullopt;
  std::shared_ptr<shared_memory> memory{new shared_memory{static_cast<std::byte*>(data), bytes}};
  if (::fcntl(file.get(), F_ADD_SEALS, seals_needed) != 0)
    return std::nullopt;
  return made{std::move(memory), std::move(file)};
}

std::shared_ptr<const shared_memory> shared_memory::open(const descriptor& file, std::size_t bytes) {
  return open(file, bytes, PROT_READ);
}

std::shared_ptr<shared_memory> shared_memory::open_to_write(const descriptor& file, std::size_t bytes) {
  return open(file, bytes, PROT_READ | PROT_WRITE);
}

std::shared_ptr<shared_memory> shared_memory::open(const descriptor& file, std::size_t bytes, int access) {
  auto seals = ::fcntl(file.get(), F_GET_SEALS);
  if (seals < 0 || (seals & seals_needed) != seals_needed)
    throw malformed_message("shared memory is not sealed, so that its sender could take it away");
  struct stat found {};
  if (::fstat(file.get(), &found) != 0 || static_cast<std::size_t>(found.st_size) != bytes)
    throw malformed_message("shared memory has " + std::to_string(found.st_size) + " bytes where " +
                            std::to_string(bytes) + " were announced");
  auto data = map(file, bytes, access);
  if (data == MAP_FAILED)
    throw connection_lost(
        system_sentence("shared memory of " + std::to_string(bytes) + " bytes could not be mapped", errno));
  return std::shared_ptr<shared_memory>{new shared_memory{static_cast<std::byte*>(data), bytes}};
}

shared_memory::~shared_memory() {
  ::munmap(data_, bytes_);
}

} // namespace drover::plane
