#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace drover {

/// A file that takes the place of another whole or not at all: written under another name in the same folder, brought
/// to disk, then renamed. A symbolic link stays, and the file that it leads to is replaced. Goes away without a trace
/// where `commit` was not reached. All throw std::runtime_error with a sentence that names the file to be replaced and
/// the system's reason.
class replacement_file {
public:
  explicit replacement_file(std::filesystem::path place);
  ~replacement_file();
  replacement_file(const replacement_file&) = delete;
  replacement_file& operator=(const replacement_file&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();

private:
  [[noreturn]] void fail(const std::string& why) const;
  void sync_folder() const;

  std::filesystem::path place_;
  std::string temporary_;
  int descriptor_ = -1;
};

} // namespace drover
