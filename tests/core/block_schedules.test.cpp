// Who works on which block of ratings when.

#include "drover/actors/core/column_queue.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/stratum_order.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/core/world.hpp"
#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

using namespace drover;

namespace {

void gradient_of_none(std::uint32_t, std::uint64_t, const_parameters, std::span<float>) {}

// Blocks of different workers share no user; of different parts of the items no item.
void require_disjoint(const std::map<std::uint32_t, compute_gradient>& under_work) {
  std::set<std::uint32_t> parts;
  for (const auto& [worker, one] : under_work) {
    REQUIRE(one.block);
    REQUIRE(parts.insert(one.block->item_part).second);
  }
}

} // namespace

TEST_CASE("in each step of dsgd no two workers have the same items, and in an epoch each has all of them once") {
  constexpr std::uint32_t workers = 5;
  stratum_order order{workers, 3};
  for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> done;
    for (auto step = epoch * workers; step < (epoch + 1) * workers; ++step) {
      std::set<std::uint32_t> parts;
      for (std::uint32_t worker = 0; worker < workers; ++worker) {
        auto turn = order.at(worker, step);
        CHECK(turn.item_part < workers);
        CHECK(turn.round == epoch);
        parts.insert(turn.item_part);
        done.emplace(worker, turn.item_part);
      }
      CHECK(parts.size() == workers);
    }
    CHECK(done.size() == workers * workers);
  }
}

TEST_CASE("the strata of each epoch and of each seed come in an order of their own") {
  constexpr std::uint32_t workers = 8;
  std::set<std::vector<std::uint32_t>> seen;
  for (std::uint64_t seed = 1; seed <= 10; ++seed)
    for (std::uint64_t epoch = 0; epoch < 10; ++epoch) {
      std::vector<std::uint32_t> parts;
      for (std::uint32_t step = 0; step < workers; ++step)
        parts.push_back(stratum_order{workers, seed}.at(0, epoch * workers + step).item_part);
      seen.insert(std::move(parts));
    }
  CHECK(seen.size() > 95);
}

TEST_CASE("columns visit every worker once a round, in an order of their own, and nobody after the last") {
  column_routes routes{.workers = 6, .columns = 40, .rounds = 3, .seed = 9};
  std::set<std::vector<std::uint32_t>> orders;
  for (std::uint32_t columns = 0; columns < 40; ++columns)
    for (std::uint64_t round = 0; round < 3; ++round) {
      std::vector<std::uint32_t> order;
      for (std::uint64_t visit = round * 6; visit < (round + 1) * 6; ++visit)
        order.push_back(routes.worker_at({columns, visit}).value());
      CHECK(std::set(order.begin(), order.end()).size() == 6);
      orders.insert(std::move(order));
    }
  CHECK(orders.size() > 100);
  CHECK_FALSE(routes.worker_at({0, 18}).has_value());
}

TEST_CASE("columns go on when what was done with them is applied, and come back in the next round") {
  column_queue queue{0, {.workers = 1, .columns = 2, .rounds = 2}};
  CHECK(queue.begin().item_part == 0);
  queue.end(1);
  CHECK(queue.begin().item_part == 1);
  queue.end(2);
  CHECK(queue.empty());
  CHECK(queue.release(0).empty());
  auto first = queue.release(1);
  REQUIRE(first.size() == 1);
  CHECK(first[0].to == 0);
  CHECK(first[0].stay.columns == 0);
  CHECK(first[0].stay.visit == 1);
  queue.arrive(first[0].stay);
  auto again = queue.begin();
  CHECK(again.round == 1);
  CHECK(again.schedule_step == 2); // the second epoch's first
  queue.end(3);
  CHECK(queue.release(3).size() == 1); // those of the second push: the others have made their way
}

TEST_CASE("columns that come twice count once, and those that are not due are refused") {
  column_routes routes{.workers = 2, .columns = 8, .rounds = 2};
  column_queue queue{0, routes};
  while (!queue.empty())
    static_cast<void>(queue.begin());
  std::uint32_t elsewhere = 0;
  while (routes.worker_at({elsewhere, 0}) == 0u)
    ++elsewhere;
  queue.arrive({elsewhere, 1});
  queue.arrive({elsewhere, 1});
  CHECK(queue.begin().item_part == elsewhere);
  CHECK(queue.empty());
  CHECK_THROWS_AS(queue.arrive({elsewhere, 0}), protocol_error);
  CHECK_THROWS_AS(queue.arrive({8, 0}), protocol_error);
  CHECK_THROWS_AS(queue.arrive({elsewhere, 4}), protocol_error);
}

TEST_SUITE_BEGIN("sim");

TEST_CASE("under dsgd blocks under work at one time share neither a user nor an item, whatever the schedule") {
  std::size_t most = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random{seed};
    test::small_job job{.consistency = "dsgd"};
    job.workers = static_cast<std::uint32_t>(1 + random() % 5);
    job.shards = static_cast<std::uint32_t>(1 + random() % 2);
    job.epochs = static_cast<std::uint32_t>(1 + random() % 3);
    job.push_credits = static_cast<std::uint32_t>(1 + random() % 3);
    test::world world{test::plan_of(job, test::tensors_of({3, 4}), job.workers), gradient_of_none, seed};
    world.duplicates = 0.1;
    std::uint64_t begun = 0;
    world.watched.on_work = [&](const std::map<std::uint32_t, compute_gradient>& under_work) {
      ++begun;
      most = std::max(most, under_work.size());
      require_disjoint(under_work);
    };
    world.watched.on_applied = [](std::uint32_t, messages::GradientApplied::Reader applied) {
      REQUIRE(applied.getStalenessSteps() == 0);
    };
    REQUIRE(world.run());
    auto summary = world.result().summary.read();
    REQUIRE(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
    REQUIRE(begun == std::uint64_t{job.workers} * job.workers * job.epochs);
    for (const auto& shard : summary->getShards())
      REQUIRE(shard.getVersion() == std::uint64_t{job.workers} * job.epochs);
  }
  CHECK(most == 5); // they do work at one time
}

TEST_CASE(
    "under nomad columns are with one worker at a time, none is stale, and all visit all, whatever the schedule") {
  std::size_t most = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random{seed};
    test::small_job job{.consistency = "nomad"};
    job.workers = static_cast<std::uint32_t>(1 + random() % 5);
    job.shards = static_cast<std::uint32_t>(1 + random() % 2);
    job.epochs = static_cast<std::uint32_t>(1 + random() % 3);
    job.push_credits = static_cast<std::uint32_t>(1 + random() % 3);
    auto columns = job.workers * (1 + random() % 3);
    test::world world{test::plan_of(job, test::tensors_of({3, 4}), columns), gradient_of_none, seed};
    world.duplicates = 0.1;
    std::uint64_t begun = 0;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> rounds; // of each block
    world.watched.on_work = [&](const std::map<std::uint32_t, compute_gradient>& under_work) {
      ++begun;
      most = std::max(most, under_work.size());
      require_disjoint(under_work);
      for (const auto& [worker, one] : under_work)
        rounds[{worker, one.block->item_part}] = one.block->round + 1;
    };
    world.watched.on_applied = [](std::uint32_t, messages::GradientApplied::Reader applied) {
      REQUIRE(applied.getStalenessSteps() == 0);
    };
    REQUIRE(world.run());
    auto summary = world.result().summary.read();
    REQUIRE(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
    REQUIRE(begun == columns * job.workers * job.epochs);
    REQUIRE(rounds.size() == columns * job.workers);
    for (const auto& [block, seen] : rounds)
      REQUIRE(seen == job.epochs);
    for (const auto& shard : summary->getShards()) {
      REQUIRE(shard.getVersion() == columns * job.workers * job.epochs);
      for (auto worker : shard.getWorkers())
        REQUIRE(worker.getUpdates() == columns * job.epochs);
    }
  }
  CHECK(most == 5); // they do work at one time
}

TEST_SUITE_END();
