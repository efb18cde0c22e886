// Pulls and pushes of rows of a sparse table, sgd, in keys a second: from one actor to a shard in the same process, and
// from one process to a shard in another by shared memory and by TCP, against what limits them: a loop in one thread
// that reads or updates the same rows of an array, whose index the keys are.
//
//     drover_bench_rows [ROUNDS [PROGRAM [FLOATS KEYS]]]
//
// PROGRAM: another system's, see other_program.hpp; it takes its turn in each round. Empty: none. FLOATS, KEYS: rows of
// this width and requests of this size alone.

#include "drover/messages/bulk.hpp"
#include "drover/models/random.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "tests/bench/measure.hpp"
#include "tests/bench/other_program.hpp"
#include "tests/bench/own_process.hpp"
#include "tests/bench/shard_peer.hpp"
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

// Rows that are asked for in one measurement, about.
constexpr std::uint64_t moved_keys = 2'000'000;
constexpr float learning_rate = 1e-6f;

struct setting {
  held_values held;
  std::size_t rounds;
  std::string other; ///< program; may be none
};

/// The rows of an array, without messages, hashes or another thread.
class bare_table {
public:
  explicit bare_table(held_values held)
      : held_(held), table_(held.rows * held.floats), rows_(held.asked * held.floats) {
    random_sequence random{7};
    for (auto& list : keys_) {
      list.resize(held.asked);
      std::ranges::generate(list, [&] { return random.below(held.rows); });
      std::ranges::sort(list);
    }
  }

  void read(std::uint64_t number) {
    auto to = rows_.values().data();
    for (auto key : keys_[number % keys_.size()]) {
      std::memcpy(to, table_.values().data() + key * held_.floats, held_.floats * sizeof(float));
      to += held_.floats;
    }
    asm volatile("" ::"r"(rows_.values().data()) : "memory");
  }

  void update(std::uint64_t number) {
    auto from = rows_.values().data();
    for (auto key : keys_[number % keys_.size()]) {
      auto to = table_.values().data() + key * held_.floats;
      for (std::size_t i = 0; i < held_.floats; ++i)
        to[i] -= learning_rate * from[i];
      from += held_.floats;
    }
    asm volatile("" ::"r"(table_.values().data()) : "memory");
  }

private:
  held_values held_;
  bulk table_;
  bulk rows_;
  std::array<std::vector<std::uint64_t>, 32> keys_;
};

void measure(const setting& with) {
  auto held = with.held;
  auto count = moved_keys / held.asked;
  // Processes first, before this one has threads.
  std::optional<other_program> other;
  if (!with.other.empty())
    other.emplace(with.other);
  shard_peer memory{plane::way::shared_memory, held, nullptr};
  shard_peer tcp{plane::way::tcp, held, nullptr};
  memory.connect();
  tcp.connect();
  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor owner{system};
  auto shard =
      begin_shard(system, held, caf::actor_cast<coordinator_actor>(caf::actor_cast<caf::strong_actor_ptr>(owner)));
  shard_client here{system, shard, held};
  bare_table bare{held};

  contest sides;
  auto add = [&sides, held](const std::string& name, std::function<double()> requests) {
    sides.add(name, [requests = std::move(requests), held] { return requests() * static_cast<double>(held.asked); });
  };
  auto loop = [&bare, count](void (bare_table::*work)(std::uint64_t)) {
    return static_cast<double>(count) / seconds_of([&] {
             for (std::uint64_t i = 0; i < count; ++i)
               (bare.*work)(i);
           });
  };
  add("array, read", [&] { return loop(&bare_table::read); });
  add("array, update", [&] { return loop(&bare_table::update); });
  add("one process, pull", [&] { return here.pull(count, window_max); });
  add("one process, push", [&] { return here.push(count, window_max); });
  for (auto [name, peer] : {std::pair{"shared memory", &memory}, std::pair{"tcp", &tcp}}) {
    add(std::string{name} + ", pull", [peer, count] { return peer->pull(count, window_max); });
    add(std::string{name} + ", push", [peer, count] { return peer->push(count, window_max); });
  }
  auto others = sides.size();
  if (other)
    for (auto what : {"pull", "push", "pull-array", "push-array"})
      add(std::string{"other, "} + what, [&, what] {
        return other->run({what, held.floats * sizeof(float), held.asked, count, window_max});
      });
  sides.run(with.rounds);

  std::printf("rows of %zu floats, %zu keys a request, %zu requests under way\n", held.floats, held.asked,
              static_cast<std::size_t>(window_max));
  for (std::size_t side = 0; side < sides.size(); ++side) {
    std::printf("  %-24s %7.2f M keys/s", sides.name(side).c_str(), sides.rate(side).median / 1e6);
    if (side > 1)
      std::printf("  x array %s", to_string(sides.ratio(side, side % 2)).c_str());
    if (other && side > 1 && side < others)
      std::printf("   x other %s, with an array %s", to_string(sides.ratio(side, others + side % 2)).c_str(),
                  to_string(sides.ratio(side, others + 2 + side % 2)).c_str());
    std::printf("\n");
  }
  std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv) {
  print_title("pulls and pushes of rows of a sparse table, sgd, one shard, " + std::to_string(other_program::rows) +
              " rows");
  std::vector<std::size_t> widths{1, 32};
  std::vector<std::size_t> sizes{100, 1'000, 10'000};
  if (argc > 4) {
    widths = {std::stoul(argv[3])};
    sizes = {std::stoul(argv[4])};
  }
  for (auto floats : widths)
    for (auto asked : sizes)
      // In a process of its own, which ends with all that it has begun.
      static_cast<void>(in_own_process([&] {
        measure({{floats, other_program::rows, asked}, rounds_of(argc, argv, 7), argc > 2 ? argv[2] : ""});
        return true;
      }));
}
