#include "drover/actors/node/plane/frame_reader.hpp"
#include "drover/actors/node/plane/frame_writer.hpp"
#include "drover/actors/node/plane/slot_reader.hpp"
#include "drover/actors/node/plane/slot_writer.hpp"

#include <doctest/doctest.h>

#include "tests/node/plane/support.hpp"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>

using namespace drover;
using namespace drover::plane;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kibibyte = 1024;

// Both ends of a connection, in one thread.
struct both_ends {
  explicit both_ends(std::size_t bytes_max) {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    there = std::make_shared<ring_transport>(descriptor{ends[0]}, ring_transport::end::reads);
    here = std::make_shared<ring_transport>(descriptor{ends[1]}, ring_transport::end::writes);
    here->begin();
    there->begin();
    writer.emplace(*here, bytes_max);
    reader.emplace(there);
  }

  /// The next record, as the reading end takes note of it.
  record read() {
    std::array<std::byte, record::head_bytes> bytes{};
    REQUIRE(there->read_some(bytes) == bytes.size());
    auto what = decode_record(bytes);
    if (what.type == record_type::slot_added)
      reader->add(what);
    else
      reader->drop(what);
    return what;
  }
  /// A frame of the lent slot arrives.
  std::shared_ptr<const std::byte> arrive(const slot_writer::loan& loan) {
    return reader->payload_of({.segments = 1, .slot = loan.slot, .bytes = loan.memory.size()});
  }

  std::shared_ptr<ring_transport> here;
  std::shared_ptr<ring_transport> there;
  std::optional<slot_writer> writer;
  std::optional<slot_reader> reader;
};

// Announces memory that is not made as ours is.
void announce(both_ends& ends, unsigned flags, int seals, std::size_t bytes, std::size_t claimed) {
  descriptor file{::memfd_create("drover-test", MFD_CLOEXEC | flags)};
  REQUIRE(::ftruncate(file.get(), static_cast<off_t>(bytes)) == 0);
  if (seals != 0)
    REQUIRE(::fcntl(file.get(), F_ADD_SEALS, seals) == 0);
  auto head = encode({.type = record_type::slot_added, .slot = 0, .bytes = claimed});
  ends.here->write_with(head, file);
}

} // namespace

TEST_CASE("the reading end sees what was written into a slot without a copy") {
  both_ends ends{64 * kibibyte};
  auto loan = ends.writer->take(5000);
  REQUIRE(loan);
  CHECK(ends.read().type == record_type::slot_added);
  auto seen = ends.arrive(*loan);
  for (auto value : {std::byte{1}, std::byte{2}}) {
    loan->memory[4999] = value;
    CHECK(seen.get()[4999] == value);
  }
}

TEST_CASE("a slot comes back with the last reference and is used again") {
  both_ends ends{64 * kibibyte};
  auto loan = ends.writer->take(16 * kibibyte);
  REQUIRE(loan);
  ends.read();
  auto seen = ends.arrive(*loan);
  auto again = seen;
  seen.reset();
  ends.writer->collect();
  CHECK(ends.writer->lent() == 1);
  again.reset();
  ends.writer->collect();
  CHECK(ends.writer->lent() == 0);
  auto next = ends.writer->take(15 * kibibyte);
  REQUIRE(next);
  CHECK(next->slot == loan->slot);
  CHECK(next->memory.data() == loan->memory.data());
}

TEST_CASE("slots never take more memory than allowed, and whoever waits for one in vain waits once") {
  both_ends ends{64 * kibibyte};
  std::vector<std::shared_ptr<const std::byte>> held;
  while (auto loan = ends.writer->take(16 * kibibyte)) {
    ends.read();
    held.push_back(ends.arrive(*loan));
  }
  CHECK(held.size() == 4);
  CHECK(ends.writer->bytes() == 64 * kibibyte);
  CHECK_FALSE(ends.writer->wait(16 * kibibyte, 5ms));
  auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(ends.writer->wait(16 * kibibyte, 20s));
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  held.pop_back();
  ends.writer->collect();
  CHECK(ends.writer->wait(16 * kibibyte, 20s));
  begin = std::chrono::steady_clock::now();
  CHECK_FALSE(ends.writer->wait(16 * kibibyte, 5ms));
  CHECK(std::chrono::steady_clock::now() - begin >= 5ms);
}

TEST_CASE("slots that are not used any more make way for larger ones, at both ends") {
  auto mapped = test::mapped_slots();
  both_ends ends{64 * kibibyte};
  std::vector<std::shared_ptr<const std::byte>> held;
  for (int i = 0; i < 3; ++i) {
    auto loan = ends.writer->take(16 * kibibyte);
    REQUIRE(loan);
    ends.read();
    held.push_back(ends.arrive(*loan));
  }
  CHECK(test::mapped_slots() == mapped + 6);
  held.clear();
  auto large = ends.writer->take(60 * kibibyte);
  REQUIRE(large);
  CHECK(ends.writer->bytes() <= 64 * kibibyte);
  while (ends.read().type != record_type::slot_added) {
  }
  CHECK(test::mapped_slots() == mapped + 2);
}

TEST_CASE("a frame for which there is no slot makes the peer see those that have one, and waits until it lets go") {
  // A machine that is busy may let the wait be in vain: once in a while, not every time.
  bool came_back = false;
  for (int i = 0; i < 50 && !came_back; ++i) {
    both_ends ends{64 * kibibyte};
    std::thread peer{[&ends] {
      frame_reader frames{*ends.there, &*ends.reader};
      while (frames.next()) {
      }
    }};
    frame_writer frames{*ends.here};
    auto what = test::frame_of({4096});
    CHECK(frames.add(0, 0, what, &*ends.writer));
    CHECK(frames.add(0, 0, what, &*ends.writer));
    came_back = frames.add(0, 0, what, &*ends.writer);
    ends.here->shutdown();
    peer.join();
  }
  CHECK(came_back);
}

TEST_CASE("what is larger than all slots may be together gets none, and costs no other") {
  both_ends ends{64 * kibibyte};
  REQUIRE(ends.writer->take(4096));
  ends.read();
  REQUIRE(ends.there->notify(0));
  CHECK_FALSE(ends.writer->take(65 * kibibyte));
  CHECK(ends.writer->bytes() == 4096);
  CHECK_FALSE(ends.writer->wait(65 * kibibyte, 20s));
}

TEST_CASE("memory that its sender could shrink is refused") {
  both_ends ends{64 * kibibyte};
  announce(ends, MFD_ALLOW_SEALING, 0, 4096, 4096);
  CHECK_THROWS_WITH_AS(ends.read(), doctest::Contains("not sealed"), malformed_message);
  announce(ends, MFD_ALLOW_SEALING, F_SEAL_SHRINK | F_SEAL_GROW, 4096, 4096);
  CHECK_THROWS_WITH_AS(ends.read(), doctest::Contains("not sealed"), malformed_message);
}

TEST_CASE("memory of another size than announced is refused") {
  both_ends ends{64 * kibibyte};
  announce(ends, MFD_ALLOW_SEALING, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL, 4096, 8192);
  CHECK_THROWS_WITH_AS(ends.read(), doctest::Contains("4096 bytes where 8192"), malformed_message);
}

TEST_CASE("a frame in a slot that is not there, too small, or not given back yet is refused") {
  both_ends ends{64 * kibibyte};
  auto loan = ends.writer->take(4096);
  REQUIRE(loan);
  CHECK_THROWS_AS((void)ends.arrive(*loan), malformed_message);
  ends.read();
  CHECK_THROWS_WITH_AS((void)ends.reader->payload_of({.segments = 1, .slot = loan->slot, .bytes = 4097}),
                       doctest::Contains("which has 4096"), malformed_message);
  auto seen = ends.arrive(*loan);
  CHECK_THROWS_WITH_AS((void)ends.arrive(*loan), doctest::Contains("before it was given back"), malformed_message);
}

TEST_CASE("a peer that gives back what it does not have is refused") {
  both_ends ends{64 * kibibyte};
  REQUIRE(ends.there->notify(3));
  CHECK_THROWS_WITH_AS(ends.writer->collect(), doctest::Contains("slot 3"), malformed_message);
  REQUIRE(ends.writer->take(4096));
  REQUIRE(ends.there->notify(0));
  ends.writer->collect();
  REQUIRE(ends.there->notify(0));
  CHECK_THROWS_WITH_AS(ends.writer->collect(), doctest::Contains("slot 0"), malformed_message);
}

TEST_CASE("a frame outlives the connection that it came by") {
  auto mapped = test::mapped_slots();
  std::shared_ptr<const std::byte> seen;
  {
    both_ends ends{64 * kibibyte};
    auto loan = ends.writer->take(4096);
    REQUIRE(loan);
    ends.read();
    loan->memory[0] = std::byte{7};
    seen = ends.arrive(*loan);
  }
  CHECK(seen.get()[0] == std::byte{7});
  seen.reset();
  CHECK(test::mapped_slots() == mapped);
}
