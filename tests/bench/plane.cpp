// Frames from one process to another by every way of the data plane, by frame size, against what limits them: one
// memcpy of the same bytes, and a plain blocking TCP stream between two processes; then the round trip of a frame of 64
// bytes against one of 64 bytes over that stream. The receiver looks at a frame's first and last word and lets it go.

#include "drover/messages/bulk.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/plain_stream.hpp"
#include "tests/bench/plane_peer.hpp"
#include <algorithm>
#include <cstdio>
#include <cstring>

using namespace drover;
using namespace drover::bench;

namespace {

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
  plain_stream stream;
  plane_peer memory{plane::way::shared_memory};
  plane_peer local{plane::way::unix_socket};
  plane_peer tcp{plane::way::tcp};
  plane_peer tls{plane::way::tls};
};

void measure_throughput(peers& with, std::size_t bytes, std::size_t rounds) {
  auto count = std::max<std::size_t>(4, (std::size_t{256} << 20) / bytes);
  auto what = frame_of(bytes);
  // Aligned, as it is copied fastest.
  bulk source_memory{bytes / sizeof(float)};
  bulk target_memory{bytes / sizeof(float)};
  auto source = std::as_writable_bytes(source_memory.values());
  auto target = std::as_writable_bytes(target_memory.values());
  std::ranges::fill(source, std::byte{1});
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
  auto rate = [](const auto& all) { return count / seconds_of(all); };
  auto one_at_a_time = [&](plane_peer& peer) {
    return rate([&] {
      for (std::size_t i = 0; i < count; ++i)
        peer.send(what, 1);
    });
  };
  contest sides;
  sides.add("plain TCP", [&] { return rate([&] { with.stream.ask(source, count); }); });
  sides.add("shared memory", [&] { return one_at_a_time(with.memory); });
  sides.add("unix socket", [&] { return one_at_a_time(with.local); });
  sides.add("tcp", [&] { return one_at_a_time(with.tcp); });
  sides.add("tls", [&] { return one_at_a_time(with.tls); });
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
