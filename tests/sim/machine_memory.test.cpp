#include "drover/actors/sim/machine_memory.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/sim/refusal.hpp"
#include <string>
#include <vector>

using namespace drover;

namespace {

// Blocks of 32 and 16 floats: 128 and 64 bytes.
training_plan plan_of(const test::small_job& job) {
  return test::plan_of(job, test::tensors_of({32, 16}), 10);
}

std::string refusal_with(const std::string& memory) {
  auto plan = plan_of({.optimizer = messages::Optimizer::ADAM, .workers = 3, .shards = 2, .push_credits = 2});
  auto on = sim::cluster::from_json("c.json", R"({"machines": [{"name": "head", "shards": 2, "hostsWorkers": false},
    {"name": "node", "count": 2, "shards": 0, "memoryBytes": )" +
                                                  memory + "}]}");
  return refusal([&] { sim::check_memory(on, sim::assign_members(on, 3, 2), plan); });
}

} // namespace

TEST_CASE("a shard holds its parameters and its rule's state, a worker parameters and gradients") {
  auto sgd = sim::member_memory::of(plan_of({.shards = 2, .push_credits = 1}));
  CHECK(sgd.shards == std::vector<std::uint64_t>{128, 64});
  CHECK(sgd.worker == 3 * 192);
  auto momentum =
      sim::member_memory::of(plan_of({.optimizer = messages::Optimizer::MOMENTUM, .shards = 1, .push_credits = 4}));
  CHECK(momentum.shards == std::vector<std::uint64_t>{2 * 192});
  CHECK(momentum.worker == 6 * 192);
  auto adam = sim::member_memory::of(plan_of({.optimizer = messages::Optimizer::ADAM, .shards = 2}));
  CHECK(adam.shards == std::vector<std::uint64_t>{3 * 128, 3 * 64});
}

TEST_CASE("a machine whose members need more than its memory is refused, one that they just fill is not") {
  CHECK(refusal_with("1536") == "(nothing was refused)");
  CHECK(
      refusal_with("1535") ==
      "c.json, line 2: machines[1].memoryBytes is 1535, and node-0 may hold 1536: 0 for parameters and optimizer state "
      "of 0 shards and 1536 for parameters and gradients of 2 workers");
}

TEST_CASE("shards and workers of a machine share its memory") {
  auto plan = plan_of({.optimizer = messages::Optimizer::ADAM});
  auto on = sim::cluster::from_json("c.json", R"({"machines": [{"name": "all", "memoryBytes": 1000}]})");
  CHECK(
      refusal([&] { sim::check_memory(on, sim::assign_members(on, 1, 1), plan); }) ==
      "c.json, line 1: machines[0].memoryBytes is 1000, and all may hold 1344: 576 for parameters and optimizer state "
      "of 1 shard and 768 for parameters and gradients of 1 worker");
}
