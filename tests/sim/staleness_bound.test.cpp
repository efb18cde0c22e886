#include "drover/actors/sim/checkers/staleness_bound.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <cstdint>
#include <limits>

using namespace drover;

namespace {

constexpr address shard{address::role::shard, 0};
constexpr address slow{address::role::worker, 1};

message<messages::PushGradient> push(std::uint32_t worker, std::uint64_t sequence, std::uint64_t version) {
  message_builder<messages::PushGradient> what;
  what->setWorker(worker);
  what->setEpoch(1);
  what->setSequence(sequence);
  what->setClock(sequence - 1);
  what->setVersion(version);
  return what.finish();
}

message<messages::GradientApplied> applied(std::uint64_t staleness) {
  message_builder<messages::GradientApplied> what;
  what->setEpoch(1);
  what->setSequence(1);
  what->setStalenessSteps(staleness);
  return what.finish();
}

// A shard that lets worker 0 run ahead for so many steps, and then applies what worker 1 computed from the first
// parameters.
struct watched_shard {
  explicit watched_shard(std::uint64_t staleness) {
    for (std::uint64_t step = 1; step <= staleness; ++step)
      books.on_deliver(0, shard, push(0, step, step - 1));
    books.on_deliver(0, shard, push(1, 1, 0));
  }

  void says(std::uint64_t staleness) { checked.on_send(0, shard, slow, applied(staleness)); }

  training_plan plan = test::plan_of({.consistency = "ssp:2", .workers = 2}, test::tensors_of({4}), 100);
  sim::ledger books{*plan.job.read()};
  sim::staleness_bound checked{books};
  std::uint64_t bound = books.rule().staleness_bound(2, false).value_or(std::numeric_limits<std::uint64_t>::max());
};

} // namespace

TEST_CASE("an update that is staler than the consistency promises is found") {
  auto bound = watched_shard{0}.bound;
  REQUIRE(bound < 100);
  CHECK_NOTHROW(watched_shard{bound}.says(bound));
  CHECK_THROWS_WITH_AS(watched_shard{bound + 1}.says(bound + 1),
                       ("staleness bound, at 0.000000 s: shard 0 says that push 1 of worker 1 was " +
                        std::to_string(bound + 1) + " versions old, at most " + std::to_string(bound) + " are allowed")
                           .c_str(),
                       sim::violation);
}

TEST_CASE("a staleness that is not the true one is found, and one that is said again is not looked at") {
  watched_shard one{3};
  CHECK_THROWS_AS(one.says(2), sim::violation);
  watched_shard other{3};
  other.says(3);
  CHECK_NOTHROW(other.says(7));
}
