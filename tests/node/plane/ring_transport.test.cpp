#include "drover/actors/node/plane/ring_transport.hpp"

#include "drover/messages/frame.hpp"

#include <doctest/doctest.h>

#include "tests/node/plane/support.hpp"
#include <array>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/socket.h>
#include <thread>
#include <vector>

using namespace drover;
using namespace drover::plane;

namespace {

struct two_sockets {
  two_sockets() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    one = descriptor{ends[0]};
    other = descriptor{ends[1]};
  }
  descriptor one;
  descriptor other;
};

struct two_ends : two_sockets {
  ring_transport writes{std::move(one), ring_transport::end::writes};
  ring_transport reads{std::move(other), ring_transport::end::reads};

  void begin() {
    writes.begin();
    reads.begin();
  }
  void write(std::vector<std::byte>& bytes) {
    iovec piece{bytes.data(), bytes.size()};
    writes.write({&piece, 1});
  }
};

// Passes on memory that is not made as ours is.
void pass_ring(socket_transport& over, int seals, std::size_t bytes) {
  descriptor file{::memfd_create("drover-test", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  REQUIRE(::ftruncate(file.get(), static_cast<off_t>(bytes)) == 0);
  if (seals != 0)
    REQUIRE(::fcntl(file.get(), F_ADD_SEALS, seals) == 0);
  std::array<std::byte, 1> one{};
  over.write_with(one, file);
  over.write_with(one, file);
}

} // namespace

TEST_CASE("a ring's reader sees all that was written before its writer ended, and then the end") {
  two_ends ends;
  ends.begin();
  std::vector<std::byte> bytes(1000, std::byte{5});
  ends.write(bytes);
  ends.writes.shutdown();
  std::vector<std::byte> seen(600);
  CHECK(ends.reads.read_some(seen) == 600);
  CHECK(seen.back() == std::byte{5});
  CHECK(ends.reads.read_some(seen) == 400);
  CHECK(ends.reads.read_some(seen) == 0);
}

TEST_CASE("both ends of a ring map it, and nothing of it is left after them") {
  auto mapped = test::mapped_rings();
  {
    two_ends ends;
    ends.begin();
    CHECK(test::mapped_rings() == mapped + 2);
  }
  CHECK(test::mapped_rings() == mapped);
}

TEST_CASE("a ring's writer writes no more than there is room for where it must not wait") {
  two_ends ends;
  ends.begin();
  std::vector<std::byte> bytes(byte_ring::capacity);
  std::array<iovec, 3> pieces{iovec{bytes.data(), 100}, iovec{bytes.data(), bytes.size()}, iovec{bytes.data(), 7}};
  auto left = ends.writes.write_now(pieces);
  REQUIRE(left.size() == 2);
  CHECK(left[0].iov_len == 100);
  CHECK(left[1].iov_len == 7);
}

TEST_CASE("a ring's writer that waits for room is told when its reader is gone") {
  two_ends ends;
  ends.begin();
  std::vector<std::byte> bytes(2 * byte_ring::capacity);
  std::thread reader{[&ends] {
    std::vector<std::byte> seen(1000);
    CHECK(ends.reads.read_some(seen) > 0);
    ends.reads.shutdown();
  }};
  CHECK_THROWS_WITH_AS(ends.write(bytes), closed_by_peer, connection_lost);
  reader.join();
}

TEST_CASE("a connection that ends before a ring was passed on is told as ended") {
  two_ends ends;
  ends.writes.shutdown();
  CHECK_THROWS_WITH_AS(ends.reads.begin(), closed_by_peer, connection_lost);
}

TEST_CASE("a ring in memory of another size, or that its sender could shrink, is refused") {
  constexpr auto whole = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  two_sockets sockets;
  socket_transport from{std::move(sockets.one)};
  ring_transport reads{std::move(sockets.other), ring_transport::end::reads};
  pass_ring(from, whole, 4096);
  CHECK_THROWS_WITH_AS(reads.begin(), doctest::Contains("4096 bytes where"), malformed_message);
  two_sockets others;
  socket_transport another{std::move(others.one)};
  ring_transport there{std::move(others.other), ring_transport::end::reads};
  pass_ring(another, 0, byte_ring::memory_bytes);
  CHECK_THROWS_WITH_AS(there.begin(), doctest::Contains("not sealed"), malformed_message);
}

TEST_CASE("a ring that comes without its memory is refused") {
  two_sockets sockets;
  socket_transport from{std::move(sockets.one)};
  ring_transport reads{std::move(sockets.other), ring_transport::end::reads};
  std::array<std::byte, 2> bytes{};
  iovec piece{bytes.data(), bytes.size()};
  from.write({&piece, 1});
  CHECK_THROWS_WITH_AS(reads.begin(), doctest::Contains("no file descriptor"), malformed_message);
}

TEST_CASE("a descriptor that is not there when the bytes that speak of it are is not waited for") {
  two_ends ends;
  ends.begin();
  CHECK_THROWS_WITH_AS((void)ends.reads.take_descriptor(), doctest::Contains("no file descriptor"), malformed_message);
}
