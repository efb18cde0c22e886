#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace drover::fuzz {

/// A file without a disk under it, for readers that take a path. Gone with this object. Throws std::system_error.
class memory_file {
public:
  explicit memory_file(std::span<const std::uint8_t> bytes);
  ~memory_file();
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  [[nodiscard]] std::filesystem::path path() const;

private:
  int descriptor_;
};

} // namespace drover::fuzz
