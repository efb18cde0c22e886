// Frames from one process to another by every way of the data plane, by frame size, against what limits them: one
// memcpy of the same bytes, and a plain blocking TCP stream between two processes; then the round trip of a frame of 64
// bytes against one of 64 bytes over that stream. The receiver looks at a frame's first and last word and lets it go.

#include "tests/bench/measure.hpp"
#include "tests/bench/plane_peer.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <cstdio>
#include <cstring>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

using namespace drover;
using namespace drover::bench;

namespace {

// A process at the other end of a plain TCP stream: reads `bytes`, `count` times, into one place, then answers a byte.
class stream_peer {
public:
  stream_peer() {
    auto listening = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto address = reinterpret_cast<sockaddr*>(&at);
    if (bind(listening, address, size) != 0 || listen(listening, 1) != 0 || getsockname(listening, address, &size) != 0)
      throw std::runtime_error("no port for a plain stream");
    child_ = std::make_unique<child_process>([listening] { serve(accept(listening, nullptr, nullptr)); });
    socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(socket_, address, size) != 0)
      throw std::runtime_error("no plain stream");
    set_no_delay(socket_);
    close(listening);
  }
  ~stream_peer() { close(socket_); }
  stream_peer(const stream_peer&) = delete;
  stream_peer& operator=(const stream_peer&) = delete;

  void send(std::span<const std::byte> bytes, std::size_t count) const {
    std::uint64_t task[] = {bytes.size(), count};
    write_all(socket_, std::as_bytes(std::span{task}));
    for (std::size_t i = 0; i < count; ++i)
      write_all(socket_, bytes);
    read_answer();
  }
  /// Round trips of so many bytes, by a peer that was told so.
  void begin_round_trips(std::size_t bytes, std::size_t count) const {
    std::uint64_t task[] = {bytes, count | answer_each};
    write_all(socket_, std::as_bytes(std::span{task}));
  }
  void round_trip(std::span<const std::byte> bytes) const {
    write_all(socket_, bytes);
    read_answer();
  }

private:
  static constexpr std::uint64_t answer_each = std::uint64_t{1} << 63;

  static void set_no_delay(int socket) {
    int yes = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }

  static void write_all(int to, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      auto count = write(to, bytes.data(), bytes.size());
      if (count <= 0)
        throw std::runtime_error("a plain stream ended");
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }

  static void serve(int from) {
    set_no_delay(from);
    std::uint64_t task[2];
    std::vector<std::byte> place;
    std::byte answer{};
    while (recv(from, task, sizeof task, MSG_WAITALL) == sizeof task) {
      place.resize(task[0]);
      auto count = task[1] & ~answer_each;
      for (std::uint64_t i = 0; i < count; ++i) {
        if (recv(from, place.data(), place.size(), MSG_WAITALL) != static_cast<ssize_t>(place.size()))
          return;
        if (task[1] != count || i + 1 == count)
          write_all(from, {&answer, 1});
      }
    }
  }

  void read_answer() const {
    std::byte answer{};
    if (recv(socket_, &answer, 1, 0) != 1)
      throw std::runtime_error("a plain stream ended");
  }

  std::unique_ptr<child_process> child_;
  int socket_ = -1;
};

// A small segment and a large one, as a message with a block has them.
std::shared_ptr<const frame> frame_of(std::size_t bytes) {
  constexpr std::size_t small_words = 8;
  auto result = std::make_shared<frame>();
  for (auto words : {small_words, bytes / sizeof(capnp::word) - small_words}) {
    if (words == 0)
      continue;
    auto memory = std::make_shared<bulk>(2 * words);
    std::ranges::fill(memory->values(), 1.0f);
    result->add({reinterpret_cast<const capnp::word*>(memory->values().data()), words}, memory);
  }
  return result;
}

struct peers {
  stream_peer stream;
  plane_peer memory{plane::way::shared_memory};
  plane_peer local{plane::way::unix_socket};
  plane_peer tcp{plane::way::tcp};
  plane_peer tls{plane::way::tls};
};

void measure_throughput(peers& with, std::size_t bytes, std::size_t rounds) {
  auto count = std::max<std::size_t>(4, (std::size_t{256} << 20) / bytes);
  auto what = frame_of(bytes);
  std::vector<std::byte> source(bytes, std::byte{1});
  std::vector<std::byte> target(bytes);
  auto rate = [bytes, count](const auto& work) {
    return static_cast<double>(bytes) * static_cast<double>(count) / 1e9 / seconds_of(work);
  };
  enum way : std::size_t { copy, stream, memory, local, tcp, tls };
  contest sides;
  sides.add("memcpy", [&] {
    return rate([&] {
      for (std::size_t i = 0; i < count; ++i) {
        std::memcpy(target.data(), source.data(), bytes);
        asm volatile("" ::"r"(target.data()) : "memory"); // each copy counts
      }
    });
  });
  sides.add("plain TCP", [&] { return rate([&] { with.stream.send(source, count); }); });
  sides.add("shared memory", [&] { return rate([&] { with.memory.send(what, count); }); });
  sides.add("unix socket", [&] { return rate([&] { with.local.send(what, count); }); });
  sides.add("tcp", [&] { return rate([&] { with.tcp.send(what, count); }); });
  sides.add("tls", [&] { return rate([&] { with.tls.send(what, count); }); });
  sides.run(rounds);
  std::printf("%6zu KiB  memcpy %6.2f GB/s, plain TCP %5.2f GB/s\n", bytes >> 10, sides.rate(copy).median,
              sides.rate(stream).median);
  for (auto way : {memory, local, tcp, tls})
    std::printf("  %-14s %6.2f GB/s  x memcpy %s   x plain TCP %s\n", sides.name(way).c_str(), sides.rate(way).median,
                to_string(sides.ratio(way, copy)).c_str(), to_string(sides.ratio(way, stream)).c_str());
  std::fflush(stdout);
}

void measure_round_trip(peers& with, std::size_t rounds) {
  constexpr std::size_t bytes = 64;
  constexpr std::size_t count = 2000;
  auto what = frame_of(bytes);
  std::vector<std::byte> source(bytes);
  auto rate = [](const auto& once) {
    return count / seconds_of([&once] {
             for (std::size_t i = 0; i < count; ++i)
               once();
           });
  };
  contest sides;
  sides.add("plain TCP", [&] {
    with.stream.begin_round_trips(bytes, count);
    return rate([&] { with.stream.round_trip(source); });
  });
  sides.add("shared memory", [&] { return rate([&] { with.memory.send(what, 1); }); });
  sides.add("unix socket", [&] { return rate([&] { with.local.send(what, 1); }); });
  sides.add("tcp", [&] { return rate([&] { with.tcp.send(what, 1); }); });
  sides.add("tls", [&] { return rate([&] { with.tls.send(what, 1); }); });
  sides.run(rounds);
  for (std::size_t way = 0; way < sides.size(); ++way)
    std::printf("  %-14s %6.1f us   x plain TCP %s\n", sides.name(way).c_str(), 1e6 / sides.rate(way).median,
                to_string(sides.ratio(0, way)).c_str());
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  auto rounds = rounds_of(argc, argv, 9);
  peers with;
  for (auto peer : {&with.memory, &with.local, &with.tcp, &with.tls})
    peer->connect();
  print_title("frames from one process to another, one way");
  for (std::size_t kibibytes : {4, 64, 1024, 4096, 65536})
    measure_throughput(with, kibibytes << 10, rounds);
  print_title("a frame of 64 bytes there and back");
  measure_round_trip(with, rounds);
}
