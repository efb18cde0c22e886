#pragma once

#include "drover/messages/frame.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover::plane {

// What a connection carries once both ends have agreed: records, each a head of `record::head_bytes`.
//
//     frame         then a table with the words of each segment, padded; then the payload, unless it lies in a slot of
//                   shared memory, which the head names
//     slot_added    a slot of that many bytes is there from now on; its memory comes as a file descriptor with the head
//     slot_dropped  its memory is not used any more
//
// A payload is the same on the wire and in a slot: the segments in order, each from the next multiple of
// bulk::alignment on, to which its end is padded, too. So is the table, counted from the head on: all of a frame lies
// at multiples of it, in the buffers of the system as well. Some processors copy several times as fast where both sides
// are aligned alike.

enum class record_type : std::uint16_t { frame = 1, slot_added = 2, slot_dropped = 3 };

struct record {
  static constexpr std::size_t head_bytes = 64;
  /// The payload follows.
  static constexpr std::uint32_t no_slot = 0xffffffff;
  /// Slots of one connection are numbered below this.
  static constexpr std::uint32_t slots_max = 128;

  record_type type = record_type::frame;
  std::uint16_t kind = 0;
  std::uint64_t destination = 0;
  std::uint32_t segments = 0;
  std::uint32_t slot = no_slot;
  std::uint64_t bytes = 0; ///< of the payload, or of the slot that is added

  bool operator==(const record&) const = default;
};

/// No payload and no slot is larger.
inline constexpr std::size_t payload_bytes_max = frame::bytes_max + frame::segments_max * bulk::alignment;

[[nodiscard]] std::array<std::byte, record::head_bytes> encode(const record& what);

/// The reverse, with every number checked by itself. Throws malformed_message.
[[nodiscard]] record decode_record(std::span<const std::byte, record::head_bytes> bytes);

[[nodiscard]] constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + bulk::alignment - 1) / bulk::alignment * bulk::alignment;
}

[[nodiscard]] constexpr std::size_t table_bytes(std::size_t segments) {
  return aligned(record::head_bytes + segments * sizeof(std::uint32_t)) - record::head_bytes;
}

/// Where each segment of a payload begins.
struct payload_layout {
  std::vector<std::uint32_t> words; ///< of each segment
  std::vector<std::size_t> offsets; ///< of each segment, in bytes
  std::size_t bytes = 0;
};

[[nodiscard]] payload_layout layout_of(std::vector<std::uint32_t> words);

/// The table of a frame: within drover's limits, and of as many bytes as the head says. Throws malformed_message.
[[nodiscard]] payload_layout decode_table(const record& head, std::span<const std::byte> table);

} // namespace drover::plane
