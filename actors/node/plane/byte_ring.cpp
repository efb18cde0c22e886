#include "drover/actors/node/plane/byte_ring.hpp"

#include "drover/messages/frame.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string>

namespace drover::plane {

namespace {

// What one end writes is not on the other's line of the cache.
constexpr std::size_t line_bytes = 64;

// All in one order: who says that it waits looks once more, and who changes a count looks whether somebody waits, so
// that one of them sees the other.
template <class Number>
std::atomic_ref<Number> atomic(Number& number) {
  return std::atomic_ref<Number>{number};
}

} // namespace

struct byte_ring::counters {
  alignas(line_bytes) std::uint64_t written;
  std::uint32_t writer_waits;
  alignas(line_bytes) std::uint64_t read;
  std::uint32_t reader_waits;
};

byte_ring::byte_ring(std::span<std::byte> memory)
    : shared_(*reinterpret_cast<counters*>(memory.data())), bytes_(memory.last(capacity)), own_(0) {
  static_assert(sizeof(counters) <= memory_bytes - capacity);
  static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free);
}

std::size_t byte_ring::used(std::uint64_t written, std::uint64_t read) const {
  auto bytes = written - read;
  if (bytes > capacity)
    throw malformed_message("a ring of " + std::to_string(capacity) + " bytes in shared memory is said to hold " +
                            std::to_string(bytes));
  return bytes;
}

std::size_t byte_ring::put(std::span<const std::byte> from) {
  auto count = std::min(from.size(), capacity - used(own_, atomic(shared_.read).load()));
  auto at = own_ % capacity;
  auto first = std::min(count, capacity - at);
  if (first > 0)
    std::memcpy(bytes_.data() + at, from.data(), first);
  if (count > first)
    std::memcpy(bytes_.data(), from.data() + first, count - first);
  own_ += count;
  return count;
}

bool byte_ring::publish() {
  atomic(shared_.written).store(own_);
  return atomic(shared_.reader_waits).load() != 0 && atomic(shared_.reader_waits).exchange(0) != 0;
}

bool byte_ring::wait_for_room() {
  atomic(shared_.writer_waits).store(1);
  if (used(own_, atomic(shared_.read).load()) == capacity)
    return true;
  atomic(shared_.writer_waits).store(0);
  return false;
}

byte_ring::taken byte_ring::take(std::span<std::byte> into) {
  auto there = used(atomic(shared_.written).load(), own_);
  auto count = std::min(into.size(), there);
  if (count == 0)
    return {};
  auto at = own_ % capacity;
  auto first = std::min(count, capacity - at);
  std::memcpy(into.data(), bytes_.data() + at, first);
  if (count > first)
    std::memcpy(into.data() + first, bytes_.data(), count - first);
  own_ += count;
  atomic(shared_.read).store(own_);
  // Not for every few bytes: it would find no room for more.
  bool wakes = there - count <= capacity / 2 && atomic(shared_.writer_waits).load() != 0 &&
               atomic(shared_.writer_waits).exchange(0) != 0;
  return {count, wakes};
}

bool byte_ring::wait_for_bytes() {
  atomic(shared_.reader_waits).store(1);
  if (used(atomic(shared_.written).load(), own_) == 0)
    return true;
  atomic(shared_.reader_waits).store(0);
  return false;
}

} // namespace drover::plane
