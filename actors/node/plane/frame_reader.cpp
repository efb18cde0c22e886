#include "drover/actors/node/plane/frame_reader.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace drover::plane {

namespace {

// Read at once where frames are small. Where they are large only the head: the payload goes to its place directly.
constexpr std::size_t read_ahead_many = 64 << 10;
constexpr std::size_t read_ahead_few = 4 << 10;
constexpr std::size_t large_bytes_min = 16 << 10;

// Memory of such sizes is used again instead of going back to the system. So few pieces, and no larger ones: they stay
// when frames of other sizes come.
constexpr std::size_t pooled_bytes_min = 1 << 20;
constexpr std::size_t pooled_bytes_max = 128 << 20;
constexpr std::size_t pooled_pieces_max = 3;

} // namespace

frame_reader::frame_reader(transport& from, slot_reader* slots)
    : from_(from), slots_(slots), pool_(pooled_pieces_max), buffer_(read_ahead_many / sizeof(float)),
      read_ahead_(read_ahead_many) {}

std::optional<frame_reader::arrival> frame_reader::next() {
  for (;;) {
    std::array<std::byte, record::head_bytes> bytes{};
    if (!read(bytes))
      return std::nullopt;
    auto head = decode_record(bytes);
    if (head.type == record_type::frame)
      return read_frame(head);
    change_slots(head);
  }
}

frame_reader::arrival frame_reader::read_frame(const record& head) {
  std::vector<std::byte> table(table_bytes(head.segments));
  read_rest(table);
  auto layout = decode_table(head, table);
  std::shared_ptr<const std::byte> payload;
  if (head.slot == record::no_slot)
    payload = read_payload(layout.bytes);
  else if (slots_)
    payload = slots_->payload_of(head);
  else
    throw malformed_message("a frame lies in shared memory, on a connection without any");
  read_ahead_ = head.slot == record::no_slot && layout.bytes >= large_bytes_min ? read_ahead_few : read_ahead_many;
  auto result = std::make_shared<frame>();
  for (std::size_t i = 0; i < layout.offsets.size(); ++i)
    result->add({reinterpret_cast<const capnp::word*>(payload.get() + layout.offsets[i]), layout.words[i]}, payload);
  return {head.destination, head.kind, std::move(result)};
}

std::shared_ptr<const std::byte> frame_reader::read_payload(std::size_t bytes) {
  auto floats = bytes / sizeof(float);
  bool pooled = bytes >= pooled_bytes_min && bytes <= pooled_bytes_max;
  auto memory = pooled ? pool_.take(floats) : std::make_shared<bulk>(floats);
  auto values = std::as_writable_bytes(memory->values());
  read_rest(values);
  return {std::move(memory), values.data()};
}

void frame_reader::change_slots(const record& head) {
  if (!slots_)
    throw malformed_message("a slot of shared memory was announced on a connection without any");
  if (head.type == record_type::slot_added)
    slots_->add(head);
  else
    slots_->drop(head);
}

bool frame_reader::read(std::span<std::byte> into) {
  auto wanted = into.size();
  while (!into.empty()) {
    if (!buffered_.empty()) {
      auto count = std::min(into.size(), buffered_.size());
      std::memcpy(into.data(), buffered_.data(), count);
      into = into.subspan(count);
      buffered_ = buffered_.subspan(count);
      continue;
    }
    auto direct = into.size() >= read_ahead_;
    auto ahead = std::as_writable_bytes(buffer_.values()).first(read_ahead_);
    auto count = from_.read_some(direct ? into : ahead);
    if (count == 0 && into.size() == wanted)
      return false;
    if (count == 0)
      throw connection_lost("the peer has closed it in the middle of a frame");
    if (direct)
      into = into.subspan(count);
    else
      buffered_ = ahead.first(count);
  }
  return true;
}

void frame_reader::read_rest(std::span<std::byte> into) {
  if (!read(into))
    throw connection_lost("the peer has closed it in the middle of a frame");
}

} // namespace drover::plane
