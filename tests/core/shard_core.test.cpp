#include "drover/actors/core/shard_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

using namespace drover;
using test::pull_of;
using test::push_of;

namespace {

struct shard_under_test {
  explicit shard_under_test(const test::small_job& job)
      : plan(test::plan_of(job, test::tensors_of({4, 33}), 100)),
        core(test::assignment_of(plan), plan.layout, *device) {}

  training_plan plan;
  std::unique_ptr<gpu::device> device = gpu::make_cpu_device();
  shard_core core;
};

template <class T>
std::vector<message<T>> sent(const effects& what) {
  std::vector<message<T>> result;
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one))
      if (const auto* body = std::get_if<message<T>>(&letter->what))
        result.push_back(*body);
  return result;
}

std::optional<std::string> failure(const effects& what) {
  auto failures = sent<messages::MemberFailed>(what);
  if (failures.empty())
    return std::nullopt;
  return failures.front().read()->getSentence().cStr();
}

float first_value(const message<messages::ParametersPulled>& answer) {
  float value = 0;
  std::memcpy(&value, answer.read()->getBlocks()[0].getValues().begin(), sizeof value);
  return value;
}

} // namespace

TEST_CASE("a push repeated is acknowledged again and applied once") {
  shard_under_test shard{{}};
  (void)shard.core.handle(pull_of(0, 0));
  auto push = push_of(shard.plan, {});
  auto first = sent<messages::GradientApplied>(shard.core.handle(push));
  auto again = sent<messages::GradientApplied>(shard.core.handle(push));
  REQUIRE(first.size() == 1);
  REQUIRE(again.size() == 1);
  CHECK(again[0].read()->getVersion() == 1);
  CHECK(shard.core.version() == 1);
  auto answer = sent<messages::ParametersPulled>(shard.core.handle(pull_of(0, 1)));
  REQUIRE(answer.size() == 1);
  CHECK(first_value(answer[0]) == -0.1f);
  auto report = sent<messages::ShardReport>(shard.core.handle(message<messages::TakeReport>{}));
  CHECK(report.at(0).read()->getWorkers()[0].getRepeated() == 1);
}

TEST_CASE("a push kept for its clock is not taken twice either") {
  shard_under_test shard{{.consistency = "bsp", .workers = 2}};
  auto push = push_of(shard.plan, {.worker = 0});
  CHECK(shard.core.handle(push).empty());
  CHECK(shard.core.handle(push).empty());
  auto applied = sent<messages::GradientApplied>(shard.core.handle(push_of(shard.plan, {.worker = 1, .value = 3})));
  CHECK(applied.size() == 2);
  CHECK(shard.core.version() == 1);
  auto answer = sent<messages::ParametersPulled>(shard.core.handle(pull_of(0, 1)));
  CHECK(first_value(answer.at(0)) == doctest::Approx(-0.1 * (1 + 3) / 2));
}

TEST_CASE("a pull shares the shard's memory: no parameter byte is copied") {
  shard_under_test shard{{.workers = 2}};
  auto one = sent<messages::ParametersPulled>(shard.core.handle(pull_of(0, 0)));
  auto other = sent<messages::ParametersPulled>(shard.core.handle(pull_of(1, 0)));
  for (unsigned block = 0; block < 2; ++block)
    CHECK(one.at(0).read()->getBlocks()[block].getValues().begin() ==
          other.at(0).read()->getBlocks()[block].getValues().begin());
}

TEST_CASE("a pull that ssp does not allow yet is parked until the slowest catches up") {
  shard_under_test shard{{.consistency = "ssp:1", .workers = 2}};
  for (std::uint64_t clock = 0; clock < 2; ++clock) {
    CHECK(sent<messages::ParametersPulled>(shard.core.handle(pull_of(0, clock))).size() == 1);
    (void)shard.core.handle(push_of(shard.plan, {.sequence = clock + 1, .clock = clock, .version = clock}));
  }
  CHECK(shard.core.handle(pull_of(0, 2)).empty());
  (void)shard.core.handle(pull_of(1, 0));
  auto caught_up = shard.core.handle(push_of(shard.plan, {.worker = 1, .version = 2}));
  auto answers = sent<messages::ParametersPulled>(caught_up);
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].read()->getClock() == 2);
  CHECK(answers[0].read()->getClockMin() == 1);
}

TEST_CASE("a member that leaves no longer keeps anyone waiting") {
  shard_under_test shard{{.consistency = "ssp:0", .workers = 2}};
  (void)shard.core.handle(pull_of(0, 0));
  (void)shard.core.handle(push_of(shard.plan, {}));
  CHECK(shard.core.handle(pull_of(0, 1)).empty());
  auto released = sent<messages::ParametersPulled>(shard.core.handle(test::membership_of(2, {0})));
  REQUIRE(released.size() == 1);
  CHECK(released[0].read()->getClock() == 1);
}

TEST_CASE("under bsp a clock closes when those who have not pushed leave, and their pushes count no more") {
  shard_under_test shard{{.consistency = "bsp", .workers = 3}};
  (void)shard.core.handle(push_of(shard.plan, {.worker = 0, .value = 2}));
  (void)shard.core.handle(push_of(shard.plan, {.worker = 2, .value = 4}));
  auto closed = shard.core.handle(test::membership_of(2, {0, 2}));
  CHECK(sent<messages::GradientApplied>(closed).size() == 2);
  CHECK(shard.core.handle(push_of(shard.plan, {.worker = 1})).empty());
  CHECK(shard.core.version() == 1);
  auto answer = sent<messages::ParametersPulled>(shard.core.handle(pull_of(0, 1)));
  CHECK(first_value(answer.at(0)) == doctest::Approx(-0.3));
}

TEST_CASE("an older membership epoch changes nothing") {
  shard_under_test shard{{.consistency = "ssp:0", .workers = 2}};
  (void)shard.core.handle(test::membership_of(3, {0, 1}));
  (void)shard.core.handle(push_of(shard.plan, {}));
  CHECK(shard.core.handle(pull_of(0, 1)).empty());
  CHECK(shard.core.handle(test::membership_of(2, {0})).empty());
}

TEST_CASE("a push that overtook its predecessor is dropped, and both are taken when they come again") {
  shard_under_test shard{{}};
  auto second = push_of(shard.plan, {.sequence = 2, .clock = 1, .version = 1});
  CHECK(shard.core.handle(second).empty());
  (void)shard.core.handle(push_of(shard.plan, {}));
  CHECK(sent<messages::GradientApplied>(shard.core.handle(second)).size() == 1);
  CHECK(shard.core.version() == 2);
}

TEST_CASE("a pull that overtook the worker's own push waits for it; with prefetch it need not") {
  shard_under_test shard{{}};
  CHECK(shard.core.handle(pull_of(0, 1)).empty());
  auto answers = sent<messages::ParametersPulled>(shard.core.handle(push_of(shard.plan, {})));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].read()->getVersion() == 1);
  shard_under_test ahead{{.prefetch = true}};
  CHECK(sent<messages::ParametersPulled>(ahead.core.handle(pull_of(0, 1))).size() == 1);
}

TEST_CASE("who joins does so where no member of the shard has passed, and no earlier than its former life ended") {
  shard_under_test shard{{.consistency = "ssp:3", .workers = 2}};
  for (std::uint64_t clock = 0; clock < 3; ++clock)
    (void)shard.core.handle(push_of(shard.plan, {.sequence = clock + 1, .clock = clock}));
  (void)shard.core.handle(push_of(shard.plan, {.worker = 1}));
  // Worker 0 begins anew at step 0, says the coordinator; it was at 3 here, and worker 1 is at 1.
  auto adopted = sent<messages::MembershipAdopted>(shard.core.handle(test::membership_of(2, {0}, 0, 2)));
  REQUIRE(adopted.size() == 1);
  CHECK(adopted[0].read()->getMembers()[0].getClock() == 3);
  // Its former life's messages count for nothing, its new one's do.
  CHECK(shard.core.handle(push_of(shard.plan, {.sequence = 4, .clock = 3})).empty());
  CHECK(sent<messages::GradientApplied>(shard.core.handle(push_of(shard.plan, {.clock = 3, .epoch = 2}))).size() == 1);
}

TEST_CASE("a membership that comes again is confirmed again") {
  shard_under_test shard{{.workers = 2}};
  CHECK(sent<messages::MembershipAdopted>(shard.core.handle(test::membership_of(2, {0}))).size() == 1);
  CHECK(sent<messages::MembershipAdopted>(shard.core.handle(test::membership_of(2, {0}))).size() == 1);
}

TEST_CASE("messages of an epoch that is not known yet wait for it") {
  shard_under_test shard{{.workers = 1}};
  CHECK(shard.core.handle(pull_of(7, 5, 2)).empty());
  auto answered = sent<messages::ParametersPulled>(shard.core.handle(test::membership_of(2, {0, 7}, 5, 2)));
  REQUIRE(answered.size() == 1);
  CHECK(answered[0].read()->getClock() == 5);
}

TEST_CASE("a message of an epoch that is not known yet is kept once, however often it is repeated") {
  shard_under_test shard{{.workers = 1}};
  auto push = push_of(shard.plan, {.epoch = 2});
  auto pull = pull_of(0, 1, 2);
  for (std::size_t i = 0; i <= held_messages<messages::PushGradient>::count_max; ++i) {
    REQUIRE(shard.core.handle(push).empty());
    REQUIRE(shard.core.handle(pull).empty());
  }
  auto out = shard.core.handle(test::membership_of(2, {0}, 0, 2));
  CHECK(sent<messages::GradientApplied>(out).size() == 1);
  CHECK(sent<messages::ParametersPulled>(out).size() == 1);
}

TEST_CASE("dc-asgd corrects a gradient by what its worker read") {
  shard_under_test shard{{.compensation = messages::Compensation::DC_ASGD, .learning_rate = 1, .workers = 2}};
  (void)shard.core.handle(pull_of(0, 0));
  (void)shard.core.handle(pull_of(1, 0));
  (void)shard.core.handle(push_of(shard.plan, {.worker = 0, .value = 2}));
  // w = -2 now, worker 1 read 0: its gradient 3 becomes 3 + 0.04 * 9 * (-2 - 0).
  (void)shard.core.handle(push_of(shard.plan, {.worker = 1, .value = 3}));
  auto answer = sent<messages::ParametersPulled>(shard.core.handle(pull_of(1, 1)));
  CHECK(first_value(answer.at(0)) == doctest::Approx(-2.0 - (3.0 - 0.04 * 9.0 * 2.0)));
}

TEST_CASE("a push that breaks the protocol is refused with a sentence and changes nothing") {
  shard_under_test shard{{.workers = 2}};
  struct bad_push {
    test::push_fields fields;
    const char* sentence;
  };
  for (const auto& [fields, sentence] : {
           bad_push{{.sequence = 4}, "sent push 4 after push 0"},
           bad_push{{.clock = 1}, "pushes for step 1 after 0 completed steps"},
           bad_push{{.version = 9}, "version 9, which is not there yet"},
       }) {
    auto refused = failure(shard.core.handle(push_of(shard.plan, fields)));
    REQUIRE(refused);
    CHECK(refused->find(sentence) != std::string::npos);
    CHECK(refused->find("worker 0") != std::string::npos);
  }
  CHECK(shard.core.version() == 0);
  CHECK(sent<messages::GradientApplied>(shard.core.handle(push_of(shard.plan, {}))).size() == 1);
}

TEST_CASE("a push with blocks missing, misplaced or of the wrong size is refused") {
  shard_under_test shard{{}};
  auto build = [](unsigned count, std::uint32_t second, std::size_t bytes) {
    message_builder<messages::PushGradient> push;
    push->setEpoch(1);
    push->setSequence(1);
    auto blocks = push->initBlocks(count);
    for (unsigned i = 0; i < count; ++i) {
      blocks[i].setIndex(i == 0 ? 0 : second);
      blocks[i].initValues(static_cast<unsigned>(i == 0 ? 4 * sizeof(float) : bytes));
    }
    return push.finish();
  };
  CHECK(failure(shard.core.handle(build(1, 1, 0)))->find("1 blocks instead of 2") != std::string::npos);
  CHECK(failure(shard.core.handle(build(2, 5, 132)))->find("sent block 5 where block 1 belongs") != std::string::npos);
  CHECK(failure(shard.core.handle(build(2, 1, 131)))->find("131 bytes for block 1, which has 132") !=
        std::string::npos);
  CHECK_FALSE(failure(shard.core.handle(build(2, 1, 132))));
}

TEST_CASE("more pushes under way than credits are refused") {
  shard_under_test shard{{.consistency = "bsp", .workers = 2, .push_credits = 1}};
  CHECK_FALSE(failure(shard.core.handle(push_of(shard.plan, {}))));
  auto refused = failure(shard.core.handle(push_of(shard.plan, {.sequence = 2, .clock = 1})));
  REQUIRE(refused);
  CHECK(refused->find("credits") != std::string::npos);
}

TEST_CASE("an update that is staler than the bound is refused, whoever let it read too early") {
  shard_under_test shard{{.consistency = "ssp:0", .workers = 2}};
  (void)shard.core.handle(pull_of(0, 0));
  (void)shard.core.handle(pull_of(1, 0));
  // Worker 1 does as if it could go on without waiting.
  (void)shard.core.handle(push_of(shard.plan, {.worker = 1, .sequence = 1, .clock = 0, .version = 0}));
  (void)shard.core.handle(push_of(shard.plan, {.worker = 1, .sequence = 2, .clock = 1, .version = 1}));
  auto refused = failure(shard.core.handle(push_of(shard.plan, {.worker = 0, .version = 0})));
  REQUIRE(refused);
  CHECK(refused->find("staleness bound is broken") != std::string::npos);
  CHECK(refused->find("2 versions old, at most 1") != std::string::npos);
}

TEST_CASE("a report names who waits for whom") {
  shard_under_test shard{{.consistency = "bsp", .workers = 3}};
  (void)shard.core.handle(push_of(shard.plan, {.worker = 1}));
  (void)shard.core.handle(pull_of(1, 1));
  auto report = sent<messages::ShardReport>(shard.core.handle(message<messages::TakeReport>{}));
  auto view = report.at(0).read();
  REQUIRE(view->getWaiting().size() == 1);
  auto wait = view->getWaiting()[0];
  CHECK(wait.getWorker() == 1);
  CHECK(wait.getClockNeeded() == 1);
  REQUIRE(wait.getWaitsFor().size() == 2);
  CHECK(wait.getWaitsFor()[0] == 0);
  CHECK(wait.getWaitsFor()[1] == 2);
}

TEST_CASE("of many who wait a report names a few and counts the rest") {
  shard_under_test shard{{.consistency = "bsp", .workers = 20}};
  for (std::uint32_t worker = 0; worker < 10; ++worker) {
    (void)shard.core.handle(push_of(shard.plan, {.worker = worker}));
    (void)shard.core.handle(pull_of(worker, 1));
  }
  auto report = sent<messages::ShardReport>(shard.core.handle(message<messages::TakeReport>{}));
  auto view = report.at(0).read();
  CHECK(view->getWaiting().size() == 8);
  CHECK(view->getWaitingMore() == 2);
  CHECK(view->getWaiting()[7].getWorker() == 7);
  CHECK(view->getWaiting()[0].getWaitsFor().size() == 8);
  CHECK(view->getWaiting()[0].getWaitsFor()[0] == 10);
  CHECK(view->getWaiting()[0].getWaitsForMore() == 2);
}

TEST_CASE("pulls that waited are answered in the order in which they came") {
  shard_under_test shard{{.consistency = "bsp", .workers = 3}};
  for (std::uint32_t worker : {2u, 0u}) {
    (void)shard.core.handle(push_of(shard.plan, {.worker = worker}));
    (void)shard.core.handle(pull_of(worker, 1));
  }
  std::vector<std::uint32_t> answered;
  for (const auto& one : shard.core.handle(push_of(shard.plan, {.worker = 1})))
    if (const auto* letter = std::get_if<send>(&one);
        letter && std::holds_alternative<message<messages::ParametersPulled>>(letter->what))
      answered.push_back(letter->to.index);
  CHECK(answered == std::vector<std::uint32_t>{2, 0});
}

TEST_CASE("a push that does not count from 1 is refused") {
  shard_under_test shard{{}};
  auto refused = failure(shard.core.handle(push_of(shard.plan, {.sequence = 0})));
  REQUIRE(refused);
  CHECK(refused->find("worker 0 sent push 0") != std::string::npos);
  CHECK(shard.core.version() == 0);
}

TEST_CASE("a held push that is refused takes no other member's acknowledgement with it") {
  shard_under_test shard{{.workers = 2}};
  CHECK(shard.core.handle(push_of(shard.plan, {.worker = 0, .epoch = 2})).empty());
  CHECK(shard.core.handle(push_of(shard.plan, {.worker = 1, .sequence = 9, .epoch = 2})).empty());
  auto out = shard.core.handle(test::membership_of(2, {0, 1}, 0, 2));
  CHECK(sent<messages::GradientApplied>(out).size() == 1);
  CHECK(failure(out));
  CHECK(shard.core.version() == 1);
}

TEST_CASE("with nomad the staleness of a push is that of its columns, and two workers that had them at once are told") {
  shard_under_test shard{{.consistency = "nomad", .workers = 2}};
  auto push = [&shard](std::uint32_t worker, std::uint64_t sequence, std::uint32_t columns, std::uint64_t visit) {
    message_builder<messages::PushGradient> done;
    done->setWorker(worker);
    done->setEpoch(1);
    done->setSequence(sequence);
    done->setClock(sequence - 1);
    done->setColumns(columns);
    done->setVersion(visit);
    return shard.core.handle(done.finish());
  };
  auto applied_stale = [](const effects& out) {
    return sent<messages::GradientApplied>(out).at(0).read()->getStalenessSteps();
  };
  CHECK(applied_stale(push(0, 1, 0, 0)) == 0);
  CHECK(applied_stale(push(1, 1, 1, 0)) == 0); // other columns, and not stale for what happened to those
  CHECK(applied_stale(push(1, 2, 0, 1)) == 0);
  CHECK(failure(push(0, 2, 0, 1)).value().find("the staleness bound is broken") != std::string::npos);
  CHECK(failure(push(0, 2, 0, 3)).value().find("which is not there yet") != std::string::npos);
  CHECK(failure(push(0, 2, 1000, 0)).value().find("had columns 1000: there are") != std::string::npos);
  CHECK(shard.core.version() == 3);
}

TEST_CASE("with hogwild pulls and pushes carry no blocks, a push is still a version, and a snapshot is a copy") {
  shard_under_test shard{{.consistency = "hogwild", .workers = 2}};
  auto answer = sent<messages::ParametersPulled>(shard.core.handle(pull_of(0, 0)));
  REQUIRE(answer.size() == 1);
  CHECK(answer[0].read()->getBlocks().size() == 0);
  CHECK(failure(shard.core.handle(push_of(shard.plan, {}))).has_value()); // it has blocks

  auto lent = shard.core.lend_in_place();
  REQUIRE(lent.size() == 2);
  lent[0].values[0] = 7;
  message_builder<messages::PushGradient> done;
  done->setEpoch(1);
  done->setSequence(1);
  done->setUpdatesWatched(20);
  done->setUpdatesLost(3);
  CHECK(sent<messages::GradientApplied>(shard.core.handle(done.finish())).size() == 1);
  CHECK(shard.core.version() == 1);
  auto snapshot = sent<messages::SnapshotTaken>(shard.core.handle(message_builder<messages::TakeSnapshot>{}.finish()));
  REQUIRE(snapshot.size() == 1);
  lent[0].values[0] = 8;
  float value = 0;
  std::memcpy(&value, snapshot[0].read()->getBlocks()[0].getValues().begin(), sizeof value);
  CHECK(value == 7);
  auto report = sent<messages::ShardReport>(shard.core.handle(message<messages::TakeReport>{}));
  CHECK(report.at(0).read()->getUpdatesWatched() == 20);
  CHECK(report.at(0).read()->getUpdatesLost() == 3);
  CHECK(report.at(0).read()->getBytesPulled() == 0);
}

TEST_CASE("under bsp a push that would be too old when its clock is complete is refused at once, and nothing changes") {
  shard_under_test shard{{.consistency = "bsp", .workers = 2}};
  auto push = [&shard](std::uint32_t worker, std::uint64_t clock, std::uint64_t version) {
    return shard.core.handle(
        push_of(shard.plan, {.worker = worker, .sequence = clock + 1, .clock = clock, .version = version}));
  };
  CHECK_FALSE(failure(push(0, 0, 0)));
  // Without the answer to its pull: the clock before is not complete.
  CHECK(failure(push(0, 1, 0)).value_or("").find("is 1 versions old, at most 0 are allowed") != std::string::npos);
  CHECK(sent<messages::GradientApplied>(push(1, 0, 0)).size() == 2);
  CHECK(failure(push(0, 1, 0)));
  CHECK_FALSE(failure(push(1, 1, 1)));
  CHECK(sent<messages::GradientApplied>(push(0, 1, 1)).size() == 2);
  CHECK(shard.core.version() == 2);
}
