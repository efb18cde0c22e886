#include "drover/actors/node/plane/frame_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace drover::plane {

namespace {

// A payload from here on is worth a slot: below, the ring's two copies cost less than lending and giving back.
constexpr std::size_t slot_bytes_min = 16 << 10;
// How long a frame waits for a slot before it goes through the ring instead.
constexpr std::chrono::milliseconds slot_wait{10};
// What is gathered at most: so much that a call more does not count, and that the peer does not wait for it.
constexpr std::size_t gathered_bytes_max = 256 << 10;
constexpr std::size_t pieces_max = 1024;
// What makes pieces of its own, and gaps between them, in a small frame.
constexpr std::size_t small_segments_max = 64;

// What fills the gaps after segments.
constexpr std::array<std::byte, bulk::alignment> zeros{};

iovec piece_of(const void* data, std::size_t bytes) {
  return {const_cast<void*>(data), bytes}; // NOLINT(cppcoreguidelines-pro-type-const-cast): for writing it is only read
}

payload_layout layout_of_frame(const frame& what) {
  std::vector<std::uint32_t> words;
  words.reserve(what.segments().size());
  for (auto segment : what.segments())
    words.push_back(static_cast<std::uint32_t>(segment.size()));
  return layout_of(std::move(words));
}

std::vector<std::byte> head_of(const record& what, const payload_layout& layout) {
  auto head = encode(what);
  std::vector<std::byte> result(head.size() + table_bytes(layout.words.size()));
  std::ranges::copy(head, result.begin());
  std::memcpy(result.data() + head.size(), layout.words.data(), layout.words.size() * sizeof(std::uint32_t));
  return result;
}

void copy_payload(const frame& what, const payload_layout& layout, std::span<std::byte> into) {
  for (std::size_t i = 0; i < layout.offsets.size(); ++i)
    if (auto segment = what.segments()[i]; !segment.empty())
      std::memcpy(into.data() + layout.offsets[i], segment.data(), segment.size_bytes());
}

} // namespace

bool frame_writer::add(std::uint64_t destination, std::uint16_t kind, const std::shared_ptr<const frame>& what,
                       slot_writer* slots) {
  auto layout = layout_of_frame(*what);
  record head{.kind = kind,
              .destination = destination,
              .segments = static_cast<std::uint32_t>(layout.words.size()),
              .bytes = layout.bytes};
  auto loan = slot_for(layout.bytes, slots);
  if (loan) {
    copy_payload(*what, layout, loan->memory);
    head.slot = loan->slot;
  }
  auto& bytes = heads_.emplace_back(head_of(head, layout));
  pieces_.push_back(piece_of(bytes.data(), bytes.size()));
  if (!loan) {
    append_payload(*what);
    frames_.push_back(what);
  }
  gathered_bytes_ += bytes.size() + layout.bytes;
  if (gathered_bytes_ >= gathered_bytes_max || pieces_.size() >= pieces_max)
    flush();
  return loan.has_value();
}

std::optional<slot_writer::loan> frame_writer::slot_for(std::size_t bytes, slot_writer* slots) {
  if (!slots || bytes < slot_bytes_min)
    return std::nullopt;
  if (auto loan = slots->take(bytes))
    return loan;
  // What is gathered may name slots: the peer must see it to give them back.
  flush();
  return slots->wait(bytes, slot_wait);
}

void frame_writer::append_payload(const frame& what) {
  for (auto segment : what.segments()) {
    if (segment.empty())
      continue;
    pieces_.push_back(piece_of(segment.data(), segment.size_bytes()));
    if (auto gap = aligned(segment.size_bytes()) - segment.size_bytes(); gap > 0)
      pieces_.push_back(piece_of(zeros.data(), gap));
  }
}

bool frame_writer::is_small(const frame& what) {
  return what.bytes() + what.segments().size() * bulk::alignment < slot_bytes_min &&
         what.segments().size() < small_segments_max;
}

void frame_writer::flush() {
  if (pieces_.empty())
    return;
  try {
    to_.write(pieces_);
  } catch (...) {
    clear(); // nobody needs what it holds any more
    throw;
  }
  clear();
}

bool frame_writer::flush_now() {
  std::size_t left = 0;
  try {
    left = to_.write_now(pieces_).size();
  } catch (...) {
    clear();
    throw;
  }
  if (left == 0)
    clear();
  else
    pieces_.erase(pieces_.begin(), pieces_.end() - static_cast<std::ptrdiff_t>(left));
  return left == 0;
}

void frame_writer::clear() {
  pieces_.clear();
  heads_.clear();
  frames_.clear();
  gathered_bytes_ = 0;
}

} // namespace drover::plane
