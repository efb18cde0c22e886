#include "drover/actors/node/plane/byte_ring.hpp"

#include "drover/messages/frame.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <semaphore>
#include <thread>
#include <vector>

using namespace drover;
using namespace drover::plane;

namespace {

struct shared_ring {
  struct alignas(64) line {
    std::array<std::byte, 64> bytes;
  };
  std::vector<line> lines{byte_ring::memory_bytes / sizeof(line)};
  std::span<std::byte> memory = std::as_writable_bytes(std::span{lines});
  byte_ring writes{memory};
  byte_ring reads{memory};

  /// As the peer would say it: the first number is the writer's, that of the next line the reader's.
  void claim(std::size_t which, std::uint64_t number) {
    std::memcpy(memory.data() + which * sizeof(line), &number, sizeof number);
  }
};

std::byte value_at(std::uint64_t position) {
  return static_cast<std::byte>(position * 0x9e3779b97f4a7c15 >> 56);
}

} // namespace

TEST_CASE("a ring gives what was put into it, in pieces of any size, and whoever waits is woken") {
  constexpr std::uint64_t total = std::uint64_t{40} * byte_ring::capacity;
  shared_ring ring;
  std::counting_semaphore<> room{0};
  std::counting_semaphore<> bytes{0};
  std::thread writer{[&] {
    std::minstd_rand random{1};
    std::vector<std::byte> piece(2 * byte_ring::capacity);
    for (std::uint64_t at = 0; at < total;) {
      // Mostly few bytes, so that the reader is ahead, and now and then more than fits, so that the writer is.
      auto size = random() % 8 == 0 ? random() % piece.size() : random() % 4096;
      auto rest = std::span{piece}.first(std::min<std::uint64_t>(size, total - at));
      for (auto& value : rest)
        value = value_at(at++);
      while (!rest.empty()) {
        rest = rest.subspan(ring.writes.put(rest));
        if (ring.writes.publish())
          bytes.release();
        if (!rest.empty() && ring.writes.wait_for_room())
          room.acquire();
      }
    }
  }};
  std::minstd_rand random{2};
  std::vector<std::byte> piece(byte_ring::capacity);
  std::uint64_t wrong = 0;
  for (std::uint64_t at = 0; at < total;) {
    auto taken = ring.reads.take(std::span{piece}.first(1 + random() % piece.size()));
    if (taken.wakes_writer)
      room.release();
    if (taken.bytes == 0 && ring.reads.wait_for_bytes())
      bytes.acquire();
    for (std::size_t i = 0; i < taken.bytes; ++i)
      wrong += static_cast<std::uint64_t>(piece[i] != value_at(at++));
  }
  writer.join();
  CHECK(wrong == 0);
}

TEST_CASE("what is put into a ring is not there before it is published") {
  shared_ring ring;
  std::array<std::byte, 3> bytes{};
  CHECK(ring.writes.put(bytes) == 3);
  CHECK(ring.reads.take(bytes).bytes == 0);
  CHECK_FALSE(ring.writes.publish());
  CHECK(ring.reads.take(bytes).bytes == 3);
}

TEST_CASE("a reader of a ring is woken once when it waits, and not while it is awake") {
  shared_ring ring;
  std::array<std::byte, 3> bytes{};
  CHECK(ring.reads.wait_for_bytes());
  CHECK(ring.writes.put(bytes) == 3);
  CHECK(ring.writes.publish());
  CHECK_FALSE(ring.writes.publish());
  CHECK_FALSE(ring.reads.wait_for_bytes());
  CHECK(ring.writes.put(bytes) == 3);
  CHECK_FALSE(ring.writes.publish());
}

TEST_CASE("a writer that waits for room in a ring is woken when half of it is free") {
  shared_ring ring;
  std::vector<std::byte> bytes(byte_ring::capacity + 1);
  CHECK(ring.writes.put(bytes) == byte_ring::capacity);
  CHECK_FALSE(ring.writes.publish());
  CHECK(ring.writes.wait_for_room());
  CHECK_FALSE(ring.reads.take(std::span{bytes}.first(byte_ring::capacity / 2 - 1)).wakes_writer);
  CHECK(ring.reads.take(std::span{bytes}.first(1)).wakes_writer);
  CHECK_FALSE(ring.reads.take(std::span{bytes}.first(1)).wakes_writer);
  CHECK_FALSE(ring.writes.wait_for_room());
}

TEST_CASE("a ring whose other end claims what cannot be is refused") {
  std::array<std::byte, 16> bytes{};
  for (std::uint64_t more : {std::uint64_t{byte_ring::capacity} + 1, ~std::uint64_t{0}}) {
    shared_ring written;
    written.claim(0, more);
    CHECK_THROWS_WITH_AS((void)written.reads.take(bytes), doctest::Contains("is said to hold"), malformed_message);
    CHECK_THROWS_AS((void)written.reads.wait_for_bytes(), malformed_message);
    shared_ring read;
    read.claim(1, -more);
    CHECK_THROWS_WITH_AS((void)read.writes.put(bytes), doctest::Contains("is said to hold"), malformed_message);
    CHECK_THROWS_AS((void)read.writes.wait_for_room(), malformed_message);
  }
}
