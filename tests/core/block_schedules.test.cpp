// Who works on which block of ratings when.

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
        auto [part, round] = order.at(worker, step);
        CHECK(part < workers);
        CHECK(round == epoch);
        parts.insert(part);
        done.emplace(worker, part);
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
    REQUIRE(world.result().summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
    REQUIRE(begun == std::uint64_t{job.workers} * job.workers * job.epochs);
    for (const auto& shard : world.result().summary.read()->getShards())
      REQUIRE(shard.getVersion() == std::uint64_t{job.workers} * job.epochs);
  }
  CHECK(most == 5); // they do work at one time
}

TEST_SUITE_END();
