#include "drover/actors/node/plane/record.hpp"

#include <array>
#include <cstring>
#include <limits>
#include <string>

namespace drover::plane {

namespace {

// Found where the head of a record must begin: an end that has lost count is noticed at once.
constexpr std::uint32_t mark = 0x43455244; // "DREC"

// The head as it travels: little-endian, without gaps.
struct wire_head {
  std::uint32_t mark = 0;
  std::uint16_t type = 0;
  std::uint16_t kind = 0;
  std::uint64_t destination = 0;
  std::uint64_t bytes = 0;
  std::uint32_t segments = 0;
  std::uint32_t slot = 0;
  std::array<std::uint64_t, 4> reserved{};
};
static_assert(sizeof(wire_head) == record::head_bytes);

[[noreturn]] void refuse(const std::string& sentence) {
  throw malformed_message(sentence);
}

void check_slot(const record& head) {
  if (head.slot >= record::slots_max)
    refuse("a record names slot " + std::to_string(head.slot) + ": slots are numbered below " +
           std::to_string(record::slots_max));
}

void check_frame(const record& head) {
  if (head.segments == 0 || head.segments > frame::segments_max)
    refuse("a frame of " + std::to_string(head.segments) + " segments: 1 to " + std::to_string(frame::segments_max) +
           " are allowed");
  if (head.slot != record::no_slot)
    check_slot(head);
}

} // namespace

std::array<std::byte, record::head_bytes> encode(const record& what) {
  wire_head head{.mark = mark,
                 .type = static_cast<std::uint16_t>(what.type),
                 .kind = what.kind,
                 .destination = what.destination,
                 .bytes = what.bytes,
                 .segments = what.segments,
                 .slot = what.slot};
  std::array<std::byte, record::head_bytes> result{};
  std::memcpy(result.data(), &head, sizeof head);
  return result;
}

record decode_record(std::span<const std::byte, record::head_bytes> bytes) {
  wire_head head;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.mark != mark || head.reserved != std::array<std::uint64_t, 4>{})
    refuse("a record does not begin with the mark of one");
  record result{.type = static_cast<record_type>(head.type),
                .kind = head.kind,
                .destination = head.destination,
                .segments = head.segments,
                .slot = head.slot,
                .bytes = head.bytes};
  if (result.bytes > payload_bytes_max)
    refuse("a record of " + std::to_string(result.bytes) + " bytes: at most " + std::to_string(payload_bytes_max) +
           " are allowed");
  switch (result.type) {
  case record_type::frame:
    check_frame(result);
    break;
  case record_type::slot_added:
  case record_type::slot_dropped:
    check_slot(result);
    break;
  default:
    refuse("a record of the unknown type " + std::to_string(head.type));
  }
  return result;
}

payload_layout layout_of(std::vector<std::uint32_t> words) {
  payload_layout result{.words = std::move(words), .offsets = {}, .bytes = 0};
  result.offsets.reserve(result.words.size());
  for (auto count : result.words) {
    result.offsets.push_back(result.bytes);
    result.bytes += aligned(std::size_t{count} * sizeof(capnp::word));
  }
  return result;
}

payload_layout decode_table(const record& head, std::span<const std::byte> table) {
  if (table.size() != table_bytes(head.segments))
    refuse("a table of " + std::to_string(table.size()) + " bytes for " + std::to_string(head.segments) + " segments");
  std::vector<std::uint32_t> words(head.segments);
  std::memcpy(words.data(), table.data(), words.size() * sizeof(std::uint32_t));
  check_segment_table(words, std::numeric_limits<std::size_t>::max());
  auto result = layout_of(std::move(words));
  if (result.bytes != head.bytes)
    refuse("a frame whose segments take " + std::to_string(result.bytes) + " bytes says that it has " +
           std::to_string(head.bytes));
  return result;
}

} // namespace drover::plane
