// Events a second of the simulator with the quadratic objective, against a bare priority queue that does as many pushes
// and pops at the same depth; and the memory that a virtual worker takes. Limit: the queue, and for each event what the
// cores do with a real Cap'n Proto message.

#include "drover/actors/sim/quadratic.hpp"
#include "drover/actors/sim/world.hpp"

#include "tests/bench/measure.hpp"
#include "tests/core/jobs.hpp"
#include <cstdint>
#include <cstdio>
#include <functional>
#include <malloc.h>
#include <queue>
#include <stdexcept>
#include <string>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::uint64_t steps_in_all = 200'000;

sim::cluster cluster_of(std::uint32_t workers) {
  return sim::cluster::from_json("bench", R"({"machines": [{"name": "head", "hostsWorkers": false},
    {"name": "worker", "shards": 0, "workers": 1, "count": )" +
                                              std::to_string(workers) + R"(,
     "step": {"seconds": 0.01, "distribution": "lognormal"}}]})");
}

training_plan plan_of(std::uint32_t workers) {
  return test::plan_of({.consistency = "ssp:3", .learning_rate = 0.001, .workers = workers, .stall_seconds = 1e6},
                       test::tensors_of({3, 8, 5}), std::max<std::uint64_t>(4, steps_in_all / workers));
}

// Small pieces, and large ones that have pages of their own.
std::size_t bytes_in_use() {
  auto counted = mallinfo2();
  return counted.uordblks + counted.hblkhd;
}

struct outcome {
  std::uint64_t events = 0;
  double bytes_a_worker = 0;
};

outcome simulate(std::uint32_t workers) {
  auto before = bytes_in_use();
  auto plan = plan_of(workers);
  sim::quadratic objective{plan.layout, 1, 0.1f};
  sim::world simulated{plan, cluster_of(workers), objective, 1};
  if (!simulated.run(1e9))
    throw std::runtime_error("the job did not come to its end");
  return {simulated.events(), static_cast<double>(bytes_in_use() - before) / workers};
}

// One push and one pop an event, among as many as there are workers.
void bare_queue(std::uint64_t events, std::uint32_t depth) {
  using entry = std::pair<std::int64_t, std::uint64_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue;
  std::uint64_t order = 0;
  for (; order < depth; ++order)
    queue.push({static_cast<std::int64_t>(order * 7919 % depth), order});
  for (std::uint64_t i = 0; i < events; ++i) {
    auto at = queue.top().first;
    queue.pop();
    queue.push({at + static_cast<std::int64_t>(i * 7919 % 1000), order++});
  }
}

} // namespace

int main(int argc, char** argv) {
  print_title("the simulator with the quadratic objective: 16 parameters, 1 shard, ssp:3, 200,000 steps in all");
  for (std::uint32_t workers : {10u, 100u, 1000u, 10'000u}) {
    auto once = simulate(workers);
    contest sides;
    sides.add("bare queue",
              [&] { return static_cast<double>(once.events) / seconds_of([&] { bare_queue(once.events, workers); }); });
    sides.add("simulator", [&] {
      return static_cast<double>(once.events) / seconds_of([&] { static_cast<void>(simulate(workers)); });
    });
    sides.run(rounds_of(argc, argv, 5));
    std::printf("%6u workers  %9.0f events/s   x bare queue %s   %8.0f virtual workers/s   %6.0f bytes a worker\n",
                workers, sides.rate(1).median, to_string(sides.ratio(1, 0)).c_str(),
                sides.rate(1).median / static_cast<double>(once.events) * workers, once.bytes_a_worker);
    std::fflush(stdout);
  }
}
