#include "drover/actors/node/plane/slot_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <poll.h>
#include <string>

namespace drover::plane {

namespace {

// A little larger than asked for: frames of one model differ by a few words.
std::size_t slot_bytes_for(std::size_t bytes) {
  auto step = std::max<std::size_t>(4096, std::bit_floor(bytes) / 8);
  return (bytes + step - 1) / step * step;
}

} // namespace

slot_writer::slot_writer(ring_transport& to, std::size_t bytes_max) : to_(to), bytes_max_(bytes_max) {}

std::optional<slot_writer::loan> slot_writer::take(std::size_t bytes) {
  auto size = slot_bytes_for(bytes);
  if (size > bytes_max_)
    return std::nullopt;
  // One that fits, before the system is asked what came back, before a new one. A far larger one only as the last
  // resort.
  if (auto found = lend_free(bytes, 2 * size))
    return found;
  collect();
  if (auto found = lend_free(bytes, 2 * size))
    return found;
  if (auto made = make(size))
    return made;
  return lend_free(bytes, payload_bytes_max);
}

std::optional<slot_writer::loan> slot_writer::wait(std::size_t bytes, std::chrono::milliseconds at_most) {
  auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    if (auto found = take(bytes))
      return found;
    if (starved_ || slot_bytes_for(bytes) > bytes_max_)
      return std::nullopt;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    pollfd waited{.fd = to_.handle(), .events = POLLIN | POLLRDHUP, .revents = 0};
    if (left <= 0 || ::poll(&waited, 1, static_cast<int>(left)) == 0)
      starved_ = true;
  }
}

void slot_writer::collect() {
  std::array<std::uint32_t, record::slots_max> numbers{};
  for (auto number : to_.notified(numbers)) {
    if (number >= slots_.size() || !slots_[number].lent)
      throw malformed_message("the peer gave slot " + std::to_string(number) + " back, which it does not have");
    slots_[number].lent = false;
    slots_[number].used = ++returns_;
    --lent_;
    starved_ = false;
  }
}

// The one that came back last, whose memory is in a cache if any is.
std::optional<slot_writer::loan> slot_writer::lend_free(std::size_t bytes, std::size_t size_max) {
  entry* best = nullptr;
  for (auto& slot : slots_)
    if (slot.memory && !slot.lent && slot.memory->size() >= bytes && slot.memory->size() <= size_max &&
        (!best || slot.used > best->used))
      best = &slot;
  if (!best)
    return std::nullopt;
  best->lent = true;
  ++lent_;
  return loan{static_cast<std::uint32_t>(best - slots_.data()), best->memory->writable()};
}

std::optional<slot_writer::loan> slot_writer::make(std::size_t bytes) {
  while (bytes_ + bytes > bytes_max_)
    if (!drop_one())
      return std::nullopt;
  auto number = free_number();
  if (!number)
    return std::nullopt;
  auto made = shared_memory::make(bytes);
  if (!made)
    return std::nullopt;
  announce({.type = record_type::slot_added, .slot = *number, .bytes = bytes}, &made->file);
  bytes_ += bytes;
  ++lent_;
  slots_[*number] = {.memory = made->memory, .lent = true};
  return loan{*number, made->memory->writable()};
}

std::optional<std::uint32_t> slot_writer::free_number() {
  auto vacant = std::ranges::find_if(slots_, [](const entry& slot) { return !slot.memory; });
  if (vacant == slots_.end()) {
    if (slots_.size() == record::slots_max) {
      if (!drop_one())
        return std::nullopt;
      return free_number();
    }
    vacant = slots_.insert(slots_.end(), entry{});
  }
  return static_cast<std::uint32_t>(vacant - slots_.begin());
}

// The one that was not used for longest.
bool slot_writer::drop_one() {
  entry* oldest = nullptr;
  for (auto& slot : slots_)
    if (slot.memory && !slot.lent && (!oldest || slot.used < oldest->used))
      oldest = &slot;
  if (!oldest)
    return false;
  announce({.type = record_type::slot_dropped, .slot = static_cast<std::uint32_t>(oldest - slots_.data())}, nullptr);
  bytes_ -= oldest->memory->size();
  oldest->memory.reset();
  return true;
}

// Past what the frame writer still gathers: nothing in there is about a slot that is free.
void slot_writer::announce(record what, const descriptor* file) {
  auto head = encode(what);
  if (file) {
    to_.write_with(head, *file);
  } else {
    iovec piece{head.data(), head.size()};
    to_.write({&piece, 1});
  }
}

} // namespace drover::plane
