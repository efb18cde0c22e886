// What must hold whatever the order of messages: thousands of random schedules of all cores together.

#include "drover/actors/core/consistency.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/core/world.hpp"
#include <algorithm>
#include <map>
#include <random>

using namespace drover;

namespace {

// Whole numbers that floats add without rounding: the sum tells whether every gradient was applied exactly once.
float token(std::uint32_t worker, std::uint64_t clock) {
  return static_cast<float>(1 + worker * 31 + clock * 7);
}

void token_gradient(std::uint32_t worker, std::uint64_t clock, const_parameters, std::span<float> gradient) {
  std::ranges::fill(gradient, token(worker, clock));
}

struct random_job {
  test::small_job job;
  std::uint64_t slack;
  std::uint64_t steps;
};

random_job draw(std::uint64_t seed) {
  std::mt19937_64 random{seed};
  auto between = [&random](std::uint64_t low, std::uint64_t high) { return low + random() % (high - low + 1); };
  random_job result;
  result.slack = between(0, 4);
  result.steps = between(1, 12);
  result.job.consistency = "ssp:" + std::to_string(result.slack);
  result.job.workers = static_cast<std::uint32_t>(between(1, 5));
  result.job.shards = static_cast<std::uint32_t>(between(1, 3));
  result.job.epochs = static_cast<std::uint32_t>(between(1, 3));
  result.job.push_credits = static_cast<std::uint32_t>(between(1, 3));
  result.job.prefetch = between(0, 1) == 1;
  result.job.learning_rate = 1;
  return result;
}

void check_sum(const test::world& world, const test::small_job& job, std::uint64_t steps) {
  float sum = 0;
  for (std::uint32_t worker = 0; worker < job.workers; ++worker)
    for (std::uint64_t clock = 0; clock < steps * job.epochs; ++clock)
      sum += token(worker, clock);
  for (auto value : world.parameters())
    REQUIRE(value == -sum);
}

} // namespace

TEST_SUITE_BEGIN("sim");

TEST_CASE("under ssp, clocks stay within s + 1, no read breaks the rule, and staleness stays within its bound") {
  std::map<std::uint64_t, std::uint64_t> at_bound; // by slack: of jobs in which others make it stale, and nothing else
  std::uint64_t widest = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    CAPTURE(seed);
    auto [job, slack, steps] = draw(seed);
    auto bound = *make_ssp(slack)->staleness_bound(job.workers, job.prefetch);
    test::world world{test::plan_of(job, test::tensors_of({3, 4, 5}), steps), token_gradient, seed};
    std::uint64_t reads = 0;
    std::uint64_t updates = 0;
    world.watched.on_read = [&](std::uint32_t, std::uint32_t worker, messages::ParametersPulled::Reader answer,
                                const std::vector<std::uint64_t>& applied) {
      ++reads;
      auto clock = answer.getClock();
      auto needed = clock > slack ? clock - slack : 0;
      REQUIRE(*std::ranges::min_element(applied) >= needed);
      // Missing updates of clocks before this one, and extra ones of this one and later, of the others together.
      std::uint64_t missing_and_extra = 0;
      for (std::uint32_t other = 0; other < applied.size(); ++other)
        if (other != worker)
          missing_and_extra += applied[other] > clock ? applied[other] - clock : clock - applied[other];
      if (slack > 0)
        REQUIRE(missing_and_extra <= 2 * slack * (job.workers - 1));
      // A worker sees its own writes, but for the last where it asked to read ahead.
      REQUIRE(applied[worker] + (job.prefetch ? 1 : 0) >= clock);
    };
    world.watched.on_applied = [&](std::uint32_t, messages::GradientApplied::Reader acknowledgement) {
      ++updates;
      REQUIRE(acknowledgement.getStalenessSteps() <= bound);
      if (acknowledgement.getStalenessSteps() == bound && bound > 0)
        at_bound[slack] += job.workers > 1 && !job.prefetch ? 1 : 0;
    };
    world.watched.on_clocks = [&](const std::vector<std::uint64_t>& clocks) {
      auto [low, high] = std::ranges::minmax(clocks);
      REQUIRE(high - low <= slack + 1);
      if (high - low == slack + 1)
        ++widest;
    };
    REQUIRE(world.run());

    REQUIRE(world.result().summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
    auto pushes = std::uint64_t{job.workers} * job.shards * steps * job.epochs;
    REQUIRE(reads == pushes);
    REQUIRE(updates == pushes);
    check_sum(world, job, steps);
  }
  // The bounds are tight: were they looser by one, nothing here would ever touch them.
  CHECK(at_bound[0] > 0);
  CHECK(at_bound[1] > 0);
  CHECK(widest > 0);
}

TEST_CASE("under bsp every update has staleness 0, whatever the schedule") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    auto [job, slack, steps] = draw(seed);
    job.consistency = "bsp";
    job.prefetch = false;
    test::world world{test::plan_of(job, test::tensors_of({3, 4, 5}), steps), token_gradient, seed};
    world.watched.on_applied = [&](std::uint32_t, messages::GradientApplied::Reader acknowledgement) {
      REQUIRE(acknowledgement.getStalenessSteps() == 0);
    };
    REQUIRE(world.run());
    for (const auto& shard : world.result().summary.read()->getShards())
      REQUIRE(shard.getVersion() == steps * job.epochs);
  }
}

TEST_CASE("every gradient is applied exactly once, however often its message is delivered") {
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    CAPTURE(seed);
    auto [job, slack, steps] = draw(seed);
    if (seed % 2 == 0)
      job.consistency = "asp";
    test::world world{test::plan_of(job, test::tensors_of({3, 4, 5}), steps), token_gradient, seed};
    world.duplicates = 0.2;
    REQUIRE(world.run());
    check_sum(world, job, steps);
  }
}

TEST_CASE("a job goes on as it was while its shards move, under every rule") {
  std::uint64_t moved = 0;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) {
    CAPTURE(seed);
    auto [job, slack, steps] = draw(seed);
    if (seed % 3 == 0)
      job.consistency = "bsp";
    if (seed % 3 == 1)
      job.consistency = "asp";
    // With the same backup and weights DC-ASGD corrects nothing; it is refused where the backup is not there.
    job.compensation = seed % 5 == 0 && seed % 3 != 0 ? messages::Compensation::DC_ASGD : messages::Compensation::NONE;
    job.optimizer = seed % 7 == 0 ? messages::Optimizer::ADAM : messages::Optimizer::SGD;
    job.workers = std::max(job.workers, 2u); // one beside its shard stays behind
    test::world world{test::plan_of(job, test::tensors_of({3, 4, 5}), steps), token_gradient, seed};
    world.moves = 0.02;
    world.duplicates = 0.1;
    auto ended = world.run();
    for (int looks = 0; looks < 20 && !ended; ++looks)
      ended = world.fire_timers(5);
    REQUIRE(ended);
    auto summary = world.result().summary.read();
    CAPTURE(summary->getSentence().cStr());
    REQUIRE(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
    for (const auto& one : summary->getHappenings())
      moved += std::string{one.getSentence().cStr()}.ends_with("goes on") ? 1 : 0;
    if (job.optimizer != messages::Optimizer::SGD || job.compensation != messages::Compensation::NONE)
      continue;
    // Under bsp the mean of a step is no whole number.
    if (job.consistency == "bsp")
      for (const auto& shard : summary->getShards())
        REQUIRE(shard.getVersion() == steps * job.epochs);
    else
      check_sum(world, job, steps);
  }
  CHECK(moved > 1000);
}

TEST_CASE("a job in which a worker is silent ends with a sentence that names who waits for whom") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    test::world world{test::plan_of({.consistency = "ssp:1", .workers = 3, .shards = 2, .silence_seconds = 1e6},
                                    test::tensors_of({3, 4}), 50),
                      token_gradient, seed};
    world.freeze(1);
    REQUIRE_FALSE(world.run());
    bool ended = false;
    for (int look = 0; look < 5 && !ended; ++look)
      ended = world.fire_timers(60);
    REQUIRE(ended);
    auto summary = world.result().summary.read();
    CHECK(summary->getOutcome() == messages::Summary::Outcome::FAILED);
    std::string sentence = summary->getSentence().cStr();
    CHECK(sentence.find("nothing progressed for 60 s") != std::string::npos);
    CHECK(sentence.find("until worker 1 completed 1 steps") != std::string::npos);
  }
}

TEST_SUITE_END();
