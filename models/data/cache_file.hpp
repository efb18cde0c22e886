#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace drover {

/// Counted up when the file is laid out otherwise, or readers make something else of the same text.
inline constexpr std::uint32_t cache_format = 1;

/// A file of a text and arrays as they lie in memory, which is mapped and not read. Little-endian:
///
///     0   "DROVERDC", cache_format (u32), sections (u32), bytes of the text (u64), bytes of the file (u64),
///         CRC-32 of all before the first section with 0 in its own place (u32), zeros up to 64
///     64  of each section where it begins and how many bytes it has (u64 each); the text
///
/// then the sections, each from a multiple of 64 bytes on. Sections have no checksums: who uses them checks what he
/// relies on.
class cache_file {
public:
  /// Throws std::runtime_error with the end of a sentence, "it is cut off", where the file is not such a one, whole.
  explicit cache_file(const std::filesystem::path& path);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// Throws as above where there is no such section, or it is none of such elements.
  template <class T>
  [[nodiscard]] std::span<const T> section(std::size_t which) const {
    if (which >= sections_.size() || sections_[which].size() % sizeof(T) != 0)
      throw std::runtime_error("it is damaged: its parts are others");
    auto bytes = sections_[which];
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }
  /// Keeps text and sections mapped.
  [[nodiscard]] std::shared_ptr<const void> owner() const { return owner_; }

private:
  void take_apart(std::span<const std::byte> bytes);

  std::shared_ptr<const void> owner_;
  std::string_view text_;
  std::vector<std::span<const std::byte>> sections_;
};

/// Writes such a file, whole or not at all. Throws std::runtime_error with a sentence that names the file.
void write_cache_file(const std::filesystem::path& path, std::string_view text,
                      std::span<const std::span<const std::byte>> sections);

} // namespace drover
