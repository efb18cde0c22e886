#pragma once

#include "drover/actors/node/plane/descriptor.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace drover::plane {

/// Memory that two processes have mapped. It has no name, so that nothing is left of it when both are gone, however
/// they went; and it cannot shrink, so that reading it never faults. Its maker could still change it while it is read:
/// it is for processes of one user and one job.
class shared_memory {
public:
  /// What makes it, and the descriptor that opens it elsewhere.
  struct made;
  /// Nothing where the system does not give it. The name is seen in a list of a process's mappings, and nowhere else.
  [[nodiscard]] static std::optional<made> make(std::size_t bytes, const char* name = "drover-slot");

  /// A peer's, to read. Throws malformed_message where it is not of that size or could shrink.
  [[nodiscard]] static std::shared_ptr<const shared_memory> open(const descriptor& file, std::size_t bytes);
  /// The same, for what both ends write.
  [[nodiscard]] static std::shared_ptr<shared_memory> open_to_write(const descriptor& file, std::size_t bytes);

  ~shared_memory();
  shared_memory(const shared_memory&) = delete;
  shared_memory& operator=(const shared_memory&) = delete;

  /// Not of what was opened to read.
  [[nodiscard]] std::span<std::byte> writable() { return {data_, bytes_}; }
  [[nodiscard]] std::span<const std::byte> readable() const { return {data_, bytes_}; }
  [[nodiscard]] std::size_t size() const { return bytes_; }

private:
  [[nodiscard]] static std::shared_ptr<shared_memory> open(const descriptor& file, std::size_t bytes, int access);
  shared_memory(std::byte* data, std::size_t bytes) : data_(data), bytes_(bytes) {}

  std::byte* data_;
  std::size_t bytes_;
};

struct shared_memory::made {
  std::shared_ptr<shared_memory> memory;
  descriptor file;
};

} // namespace drover::plane
