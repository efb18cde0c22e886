#include "drover/messages/frame.hpp"

#include <bit>
#include <cstring>

namespace drover {

static_assert(std::endian::native == std::endian::little,
              "bulk values travel as little-endian float32 without conversion");

void frame::add(segment words, std::shared_ptr<const void> owner) {
  segments_.push_back(words);
  if (owners_.empty() || owners_.back() != owner)
    owners_.push_back(std::move(owner));
  bytes_ += words.size_bytes();
}

void check_segment_table(std::span<const std::uint32_t> words, std::size_t available) {
  if (words.empty() || words.size() > frame::segments_max)
    throw malformed_message("a message of " + std::to_string(words.size()) + " segments: 1 to " +
                            std::to_string(frame::segments_max) + " are allowed");
  std::size_t bytes = 0;
  for (auto count : words)
    bytes += std::size_t{count} * sizeof(capnp::word);
  if (bytes > frame::bytes_max)
    throw malformed_message("a message of " + std::to_string(bytes) + " bytes: at most " +
                            std::to_string(frame::bytes_max) + " are allowed");
  if (bytes > available)
    throw malformed_message("a message that claims " + std::to_string(bytes) + " bytes ends after " +
                            std::to_string(available));
}

std::vector<std::byte> frame::flatten() const {
  // Table: number of segments - 1, then the words of each, padded to a whole word.
  auto table_size = (segments_.size() / 2 + 1) * 2;
  std::vector<std::uint32_t> table(table_size, 0);
  table[0] = static_cast<std::uint32_t>(segments_.size() - 1);
  for (std::size_t i = 0; i < segments_.size(); ++i)
    table[i + 1] = static_cast<std::uint32_t>(segments_[i].size());
  std::vector<std::byte> result(table_size * sizeof(std::uint32_t) + bytes_);
  std::memcpy(result.data(), table.data(), table_size * sizeof(std::uint32_t));
  auto out = result.data() + table_size * sizeof(std::uint32_t);
  for (auto segment : segments_) {
    if (!segment.empty())
      std::memcpy(out, segment.data(), segment.size_bytes());
    out += segment.size_bytes();
  }
  return result;
}

std::shared_ptr<const frame> frame::unflatten(std::span<const std::byte> bytes) {
  auto number_at = [&bytes](std::size_t index) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + index * sizeof value, sizeof value);
    return value;
  };
  if (bytes.size() < 2 * sizeof(std::uint32_t))
    throw malformed_message("a message of " + std::to_string(bytes.size()) + " bytes is shorter than its header");
  auto count = std::size_t{number_at(0)} + 1;
  if (count > segments_max)
    throw malformed_message("a message of " + std::to_string(count) + " segments: at most " +
                            std::to_string(segments_max) + " are allowed");
  auto table_bytes = (count / 2 + 1) * 2 * sizeof(std::uint32_t);
  if (bytes.size() < table_bytes)
    throw malformed_message("a message ends within its segment table");
  std::vector<std::uint32_t> words(count);
  for (std::size_t i = 0; i < count; ++i)
    words[i] = number_at(i + 1);
  check_segment_table(words, bytes.size() - table_bytes);

  auto result = std::make_shared<frame>();
  auto from = bytes.data() + table_bytes;
  for (auto size : words) {
    auto memory = std::make_shared<bulk>(std::size_t{size} * sizeof(capnp::word) / sizeof(float));
    auto data = memory->values().data();
    if (size != 0)
      std::memcpy(data, from, size * sizeof(capnp::word));
    from += size * sizeof(capnp::word);
    result->add({reinterpret_cast<const capnp::word*>(data), size}, std::move(memory));
  }
  return result;
}

} // namespace drover
