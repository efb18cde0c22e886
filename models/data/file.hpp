#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace drover {

/// Longest file that is read, decompressed: small input must not grow without bound.
inline constexpr std::uint64_t data_file_bytes_max = std::uint64_t{16} << 30;

/// A file's bytes, decompressed where they are gzip (told by its first bytes, not by its name). Throws
/// std::runtime_error with a sentence that names the file: missing, no file, unreadable, damaged, longer than
/// `bytes_max`.
[[nodiscard]] std::string read_data_file(const std::filesystem::path& path,
                                         std::uint64_t bytes_max = data_file_bytes_max);

} // namespace drover
