#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace drover {

/// A file open for reading at any position. All throw std::runtime_error with a sentence that names the file and the
/// system's reason.
class input_file {
public:
  explicit input_file(std::filesystem::path place);
  ~input_file();
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return place_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Fills `bytes` from `offset`; an early end of the file is an error, too.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;

private:
  std::filesystem::path place_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

} // namespace drover
