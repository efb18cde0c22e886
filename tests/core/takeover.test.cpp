#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/core/worker_core.hpp"
#include "drover/gpu/device.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <string>

// A coordinator that goes on with the shard of another, which two workers pushed to.

using namespace drover;

namespace {

constexpr std::uint32_t stall_timer = 1;
constexpr std::uint32_t first_closing_timer = 1001;

const training_plan& plan() {
  static const auto result =
      test::plan_of({.workers = 2, .epochs = 100, .stall_seconds = 20}, test::tensors_of({4}), 2);
  return result;
}

// Worker 0 has completed three steps, worker 1 one; membership is at epoch 7.
struct left_behind {
  std::unique_ptr<gpu::device> device = gpu::make_cpu_device();
  shard_core shard{test::assignment_of(plan()), plan().layout, *device};

  left_behind() {
    for (std::uint64_t step = 0; step < 3; ++step)
      (void)shard.handle(test::push_of(plan(), {.worker = 0, .sequence = step + 1, .clock = step}));
    (void)shard.handle(test::push_of(plan(), {.worker = 1}));
    (void)shard.handle(test::membership_of(7, {0, 1}));
  }
};

// Lets the two talk until neither has anything to say. Answers with what the coordinator starts.
std::map<std::uint32_t, message<messages::StartWorker>> talk(coordinator_core& coordinator, shard_core& shard,
                                                             const effects& first, double now) {
  std::map<std::uint32_t, message<messages::StartWorker>> started;
  auto to_coordinator = [&](const effects& said) {
    for (const auto& one : said) {
      const auto& letter = std::get<send>(one);
      effects next;
      if (const auto* report = std::get_if<message<messages::ShardReport>>(&letter.what))
        next = coordinator.handle(*report, now);
      else if (const auto* adopted = std::get_if<message<messages::MembershipAdopted>>(&letter.what))
        next = coordinator.handle(*adopted, now);
      started.merge(talk(coordinator, shard, next, now));
    }
  };
  for (const auto& one : first) {
    if (const auto* begun = std::get_if<spawn_worker>(&one))
      started.emplace(begun->index, begun->assignment);
    const auto* letter = std::get_if<send>(&one);
    if (letter == nullptr)
      continue;
    if (const auto* request = std::get_if<message<messages::TakeReport>>(&letter->what))
      to_coordinator(shard.handle(*request));
    else if (const auto* change = std::get_if<message<messages::ChangeMembership>>(&letter->what))
      to_coordinator(shard.handle(*change));
  }
  return started;
}

template <class T>
std::size_t letters(const effects& what) {
  std::size_t result = 0;
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one))
      result += std::holds_alternative<message<T>>(letter->what) ? 1 : 0;
  return result;
}

} // namespace

TEST_CASE("a coordinator that takes over begins each worker at the step where it was, in an epoch that is new") {
  left_behind former;
  coordinator_core coordinator{plan(), true};
  auto started = talk(coordinator, former.shard, coordinator.resume(0), 0);
  REQUIRE(started.size() == 2);
  CHECK(started.at(0).read()->getStepFirst() == 3);
  CHECK(started.at(1).read()->getStepFirst() == 1);
  CHECK(started.at(0).read()->getEpoch() > 7);
  CHECK(started.at(1).read()->getEpoch() > 7);
}

TEST_CASE("a coordinator that stands still right after it took over calls nobody silent") {
  auto impatient = test::plan_of({.workers = 2, .epochs = 100, .silence_seconds = 5}, test::tensors_of({4}), 2);
  left_behind former;
  coordinator_core coordinator{impatient, true};
  REQUIRE(talk(coordinator, former.shard, coordinator.resume(0), 0).size() == 2);
  CHECK(letters<messages::ChangeMembership>(coordinator.handle(timer_fired{0}, 60)) == 0);
  std::size_t changes = 0;
  for (double now = 61; now < 70; ++now)
    changes += letters<messages::ChangeMembership>(coordinator.handle(timer_fired{0}, now));
  CHECK_MESSAGE(changes > 0, "they say nothing");
}

TEST_CASE("what a worker of the former coordinator still pushes counts no more") {
  left_behind former;
  coordinator_core coordinator{plan(), true};
  auto started = talk(coordinator, former.shard, coordinator.resume(0), 0);
  auto version = former.shard.version();
  CHECK(former.shard.handle(test::push_of(plan(), {.worker = 1, .sequence = 2, .clock = 1})).empty());
  CHECK(former.shard.version() == version);
  (void)former.shard.handle(
      test::push_of(plan(), {.worker = 1, .clock = 1, .epoch = started.at(1).read()->getEpoch()}));
  CHECK(former.shard.version() == version + 1);
}

TEST_CASE("a shard that does not say where it stands is asked again, and named when the job gives up") {
  coordinator_core coordinator{plan(), true};
  CHECK(letters<messages::TakeReport>(coordinator.resume(0)) == 1);
  CHECK(letters<messages::TakeReport>(coordinator.handle(timer_fired{0}, 1)) == 0);
  CHECK(letters<messages::TakeReport>(coordinator.handle(timer_fired{0}, 3)) == 1);
  // Whatever it waits for passes.
  effects out;
  for (double now = 10; now < 200; now += 10) {
    for (std::uint32_t timer : {stall_timer, first_closing_timer})
      std::ranges::move(coordinator.handle(timer_fired{timer}, now), std::back_inserter(out));
  }
  auto end = std::ranges::find_if(out, [](const effect& one) { return std::holds_alternative<finish_job>(one); });
  REQUIRE(end != out.end());
  std::string sentence{std::get<finish_job>(*end).summary.read()->getSentence().cStr()};
  INFO(sentence);
  CHECK(sentence.find("shard 0") != std::string::npos);
}

TEST_CASE("a job whose workers had all done their steps ends when another coordinator takes over") {
  left_behind former;
  coordinator_core coordinator{test::plan_of({.workers = 2, .epochs = 1}, test::tensors_of({4}), 1), true};
  auto started = talk(coordinator, former.shard, coordinator.resume(0), 0);
  REQUIRE(started.size() == 2);
  for (const auto& [ignored, assignment] : started) {
    worker_core worker{assignment, plan().layout};
    CHECK(letters<messages::WorkerLeft>(worker.start(0)) == 1);
  }
}
