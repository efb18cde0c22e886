#pragma once

#include "drover/models/data/sparse_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>

namespace drover {

/// A disk that did not take what should have been spilled to it; what() is a sentence that names the folder.
struct spill_problem : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Bytes that are appended to a file without a name, which goes away with this object, or the process. All throw
/// spill_problem.
class spill_file {
public:
  explicit spill_file(const std::filesystem::path& folder);
  ~spill_file();
  spill_file(const spill_file&) = delete;
  spill_file& operator=(const spill_file&) = delete;

  void append(std::span<const std::byte> bytes);
  /// All of them, mapped until this object goes away. Once, at last.
  [[nodiscard]] std::span<const std::byte> map();

private:
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path folder_;
  int descriptor_ = -1;
  std::size_t bytes_ = 0;
  void* mapped_ = nullptr;
};

/// Rows that are too many for memory: each part of them goes to such a file. All throw spill_problem.
class spilled_rows {
public:
  explicit spilled_rows(const std::filesystem::path& folder)
      : ends_(folder), columns_(folder), values_(folder), labels_(folder) {}

  /// Appends rows, which begin with the first of their features.
  void add(const sparse_rows& rows);
  /// All of them, until this object goes away. Once, at last.
  [[nodiscard]] sparse_rows_view map();

private:
  std::uint64_t features_ = 0;
  spill_file ends_;
  spill_file columns_;
  spill_file values_;
  spill_file labels_;
};

} // namespace drover
