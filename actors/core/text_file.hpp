#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace drover {

/// A file that describes `thing`, "a job", whole. Throws std::invalid_argument with a sentence that does not name the
/// file, "it cannot be read: it is a folder", where it cannot be read or has more than `bytes_max` bytes: who passes a
/// data file by mistake shall not wait for it to be read.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& file, std::size_t bytes_max,
                                         std::string_view thing);

/// "it has more than 1048576 bytes, which a job never needs"
[[nodiscard]] std::string too_long(std::size_t bytes_max, std::string_view thing);

} // namespace drover
