#pragma once

#include "drover/models/data/file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace drover {

/// Longest line that is read, so that no more than about that is in memory.
inline constexpr std::size_t data_line_bytes_max = std::size_t{64} << 20;

/// Gives the bytes of a file, decompressed where they are gzip (told by its first bytes, not by its name), to `take`,
/// front to back in pieces of whole lines, of about 4 MiB; the last line may have no end. A piece is gone when `take`
/// returns. Throws what `take` does, and std::runtime_error with a sentence that names the file: missing, no file,
/// unreadable, damaged, longer than `bytes_max`, a line that is longer than `data_line_bytes_max`.
void read_data_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take,
                      std::uint64_t bytes_max = data_file_bytes_max);

} // namespace drover
