// Pulls and pushes from one process to a shard in another, by block size and by every way of the data plane, against
// what limits them: one memcpy of the same bytes, and plain TCP between two processes: asked and answered where one
// request is under way at a time, else a stream. Limit: a pull is the way there of one small message and the way back
// of the block; a push adds a pass over parameters and gradient, which pushes that are only taken in do without.
//
//     drover_bench_pushes [ROUNDS [PROGRAM [BYTES]]]
//
// PROGRAM: another system's, see other_program.hpp; it takes its turn in each round. Empty: none. BYTES: blocks of this
// size alone.

#include "drover/actors/node/make_credentials.hpp"
#include "drover/messages/bulk.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/other_program.hpp"
#include "tests/bench/own_process.hpp"
#include "tests/bench/plain_stream.hpp"
#include "tests/bench/shard_peer.hpp"
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

// What moves in one measurement, but for small blocks, and what is under way at most.
constexpr std::size_t moved_bytes = std::size_t{128} << 20;
constexpr std::uint64_t count_max = 20'000;
constexpr std::uint64_t count_max_alone = 2'000;
// Copying less takes no part in what a request takes.
constexpr std::size_t copied_bytes_min = 64 << 10;

// Certificates, for as long as they are used.
class credential_folder {
public:
  credential_folder() : path_(std::filesystem::temp_directory_path() / ("drover-bench-" + std::to_string(getpid()))) {
    make_credentials(path_);
  }
  ~credential_folder() { std::filesystem::remove_all(path_); }
  credential_folder(const credential_folder&) = delete;
  credential_folder& operator=(const credential_folder&) = delete;

  [[nodiscard]] credentials get() const { return credentials::load(path_); }

private:
  std::filesystem::path path_;
};

struct setting {
  std::size_t bytes;
  std::uint64_t window;
  std::size_t rounds;
  std::string other; ///< program; may be none
  credentials own;
};

// One kind of request by one way.
struct request {
  std::string name;
  std::function<double()> rate; ///< requests a second
};

std::vector<request> requests_of(shard_peer& peer, plane::way by, std::uint64_t count, std::uint64_t window) {
  std::string name = plane::name_of(by);
  return {{name + ", pull", [&peer, count, window] { return peer.pull(count, window); }},
          {name + ", push", [&peer, count, window] { return peer.push(count, window); }},
          {name + ", push only", [&peer, count, window] { return peer.push_only(count, window); }}};
}

void measure(const setting& with) {
  auto bytes = with.bytes;
  auto window = std::clamp<std::uint64_t>(moved_bytes / bytes, 1, with.window);
  auto count = std::clamp<std::uint64_t>(moved_bytes / bytes, 4, window == 1 ? count_max_alone : count_max);
  // Processes first, before this one has threads.
  plain_stream stream;
  std::optional<other_program> other;
  if (!with.other.empty())
    other.emplace(with.other);
  shard_peer memory{plane::way::shared_memory, {bytes / sizeof(float)}, nullptr};
  shard_peer tcp{plane::way::tcp, {bytes / sizeof(float)}, nullptr};
  shard_peer tls{plane::way::tls, {bytes / sizeof(float)}, &with.own};
  for (auto peer : {&memory, &tcp, &tls})
    peer->connect();

  // Aligned, as it is copied fastest.
  bulk source_memory{bytes / sizeof(float)};
  bulk target_memory{bytes / sizeof(float)};
  auto source = std::as_writable_bytes(source_memory.values());
  auto target = std::as_writable_bytes(target_memory.values());
  std::ranges::fill(source, std::byte{1});
  enum side : std::size_t { copy, raw, first };
  contest sides;
  sides.add("memcpy", [&] {
    return static_cast<double>(count) / seconds_of([&] {
             for (std::uint64_t i = 0; i < count; ++i) {
               std::memcpy(target.data(), source.data(), bytes);
               asm volatile("" ::"r"(target.data()) : "memory"); // each copy counts
             }
           });
  });
  sides.add("plain TCP", [&] {
    return static_cast<double>(count) /
           seconds_of([&] { window == 1 ? stream.ask(source, count) : stream.send(source, count); });
  });
  auto add = [&sides](std::vector<request> requests) {
    for (auto& one : requests)
      sides.add(one.name, std::move(one.rate));
  };
  add(requests_of(memory, plane::way::shared_memory, count, window));
  add(requests_of(tcp, plane::way::tcp, count, window));
  add(requests_of(tls, plane::way::tls, count, window));
  auto others = sides.size();
  if (other)
    for (auto what : {"pull", "push", "push-only"})
      sides.add(std::string{"other, "} + what, [&, what] { return other->run({what, bytes, 1, count, window}); });
  sides.run(with.rounds);

  auto gigabytes = [&](std::size_t side) { return sides.rate(side).median * static_cast<double>(bytes) / 1e9; };
  std::printf("%s, %zu under way   memcpy %.2f GB/s, plain TCP %.3f GB/s, %.1f us\n",
              bytes < 1024 ? (std::to_string(bytes) + " B").c_str() : (std::to_string(bytes >> 10) + " KiB").c_str(),
              static_cast<std::size_t>(window), gigabytes(copy), gigabytes(raw), 1e6 / sides.rate(raw).median);
  for (auto side = std::size_t{first}; side < sides.size(); ++side) {
    std::printf("  %-24s %7.3f GB/s  x plain TCP %s", sides.name(side).c_str(), gigabytes(side),
                to_string(sides.ratio(side, raw)).c_str());
    if (bytes >= copied_bytes_min)
      std::printf("   x memcpy %s", to_string(sides.ratio(side, copy)).c_str());
    if (other && side < others)
      std::printf("   x other %s", to_string(sides.ratio(side, others + (side - first) % 3)).c_str());
    std::printf("\n");
  }
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  print_title("pulls and pushes between two processes, sgd, one shard");
  credential_folder secrets;
  std::vector<std::size_t> sizes{64, 4 << 10, 64 << 10, 1 << 20, 4 << 20, 64 << 20};
  if (argc > 3)
    sizes = {std::stoul(argv[3])};
  for (std::uint64_t window : {std::uint64_t{1}, window_max})
    for (auto bytes : sizes)
      // In a process of its own, which ends with all that it has begun.
      static_cast<void>(in_own_process([&] {
        measure({bytes, window, rounds_of(argc, argv, 9), argc > 2 ? argv[2] : "", secrets.get()});
        return true;
      }));
}
