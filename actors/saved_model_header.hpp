#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace drover {

/// One tensor as the header of a safetensors file describes it: float32, row-major, little-endian.
struct saved_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::uint64_t begin; ///< bytes from the end of the header
  std::uint64_t end;
};

/// The header: a JSON object with a member for each tensor and one, __metadata__, that maps text to text.
/// https://github.com/huggingface/safetensors has the format.
struct saved_model_header {
  std::vector<saved_tensor> tensors; ///< read: ascending by begin
  std::map<std::string, std::string> metadata;
};

/// Larger headers are refused: they would have to be read before anything else is known of the file.
constexpr std::uint64_t saved_header_bytes_max = 100u << 20;

/// The JSON text, padded with spaces to a multiple of 8 bytes.
[[nodiscard]] std::string encode_header(const saved_model_header& header);

/// Throws std::runtime_error with the end of a sentence ("tensor x …") for text that is not such a header or whose
/// tensors do not fill `data_bytes` bytes without a gap or an overlap.
[[nodiscard]] saved_model_header decode_header(std::string_view text, std::uint64_t data_bytes);

/// "[256, 784]"
[[nodiscard]] std::string shape_text(const std::vector<std::size_t>& shape);

} // namespace drover
