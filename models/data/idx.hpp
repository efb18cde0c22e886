#pragma once

#include "drover/models/data/dataset.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace drover {

/// An array of bytes in the IDX format (the MNIST database's): 0, 0, type 8, number of extents, each extent as 32 bits
/// big-endian, outermost first, then the bytes.
struct idx_array {
  std::vector<std::size_t> extents;
  std::vector<std::uint8_t> values; ///< as many as the extents' product
};

/// Throws std::runtime_error with a sentence that starts with `name`: no IDX, a type other than bytes, cut short, bytes
/// left over. Allocates no more than the bytes that are there.
[[nodiscard]] idx_array decode_idx(std::span<const std::byte> bytes, std::string_view name);

/// Labelled images: `images` is samples x height x width (x channels), or samples x features; `labels` one byte a
/// sample. Classes are as many as in `like` where that is given, and so is the shape; else one more than the largest
/// label.
[[nodiscard]] std::shared_ptr<const dataset>
load_idx(const std::filesystem::path& images, const std::filesystem::path& labels, const data_shape* like = nullptr);

} // namespace drover
