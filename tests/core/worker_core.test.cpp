#include "drover/actors/core/worker_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/worker_under_test.hpp"
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace drover;

namespace {

using test::find;
using test::worker_under_test;
using pull = message<messages::PullParameters>;
using push = message<messages::PushGradient>;
using failed = message<messages::MemberFailed>;
using left = message<messages::WorkerLeft>;

} // namespace

TEST_CASE("a worker pulls, computes what it was given where it lies, and pushes with the version it read") {
  worker_under_test worker{{}};
  CHECK(find<pull>(worker.core.start(0))->read()->getClock() == 0);
  auto request = find<compute_gradient>(worker.core.handle(worker.parameters(0, 5), 0));
  REQUIRE(request);
  CHECK(request->parameters.view().block(1).data() == worker.values->values().data());
  auto out = worker.core.handle(worker.computed(0), 0);
  auto sent = find<push>(out);
  REQUIRE(sent);
  CHECK(sent->read()->getVersion() == 5);
  CHECK(sent->read()->getSequence() == 1);
  CHECK(find<pull>(out)->read()->getClock() == 1);
}

TEST_CASE("a push hands the gradient's memory over: no gradient byte is copied") {
  worker_under_test worker{{}};
  (void)worker.core.start(0);
  (void)worker.core.handle(worker.parameters(0), 0);
  auto sent = find<push>(worker.core.handle(worker.computed(0), 0));
  for (unsigned block = 0; block < 2; ++block)
    CHECK(static_cast<const void*>(sent->read()->getBlocks()[block].getValues().begin()) ==
          worker.gradient->values().data() + worker.plan.layout->blocks()[block].offset);
}

TEST_CASE("with prefetch the next pull goes out before the computation is done, and not beyond the last step") {
  worker_under_test worker{{.prefetch = true}, 2};
  (void)worker.core.start(0);
  auto out = worker.core.handle(worker.parameters(0), 0);
  CHECK(find<compute_gradient>(out));
  CHECK(find<pull>(out)->read()->getClock() == 1);
  CHECK_FALSE(find<compute_gradient>(worker.core.handle(worker.parameters(1), 0)));
  auto next = worker.core.handle(worker.computed(0), 0);
  CHECK(find<push>(next));
  CHECK(find<compute_gradient>(next)->clock == 1);
  CHECK_FALSE(find<pull>(next));
}

TEST_CASE("without credits a gradient waits for an acknowledgement") {
  worker_under_test worker{{.push_credits = 1}};
  (void)worker.core.start(0);
  (void)worker.core.handle(worker.parameters(0), 0);
  CHECK(find<push>(worker.core.handle(worker.computed(0), 0)));
  (void)worker.core.handle(worker.parameters(1), 0);
  CHECK_FALSE(find<push>(worker.core.handle(worker.computed(1), 0)));
  auto out = worker.core.handle(worker_under_test::applied(1), 0);
  CHECK(find<push>(out)->read()->getSequence() == 2);
}

TEST_CASE("an acknowledgement of two pushes counts once, as it tells one staleness") {
  worker_under_test worker{{}, 2};
  (void)worker.core.start(0);
  for (std::uint64_t clock : {0, 1}) {
    (void)worker.core.handle(worker.parameters(clock), 0);
    CHECK(find<push>(worker.core.handle(worker.computed(clock), 0)));
  }
  auto told = find<message<messages::WorkerProgress>>(worker.core.handle(worker_under_test::applied(2, 3), 0));
  REQUIRE(told);
  CHECK(told->read()->getUpdates() == 1);
  CHECK(told->read()->getStalenessSum() == 3);
  CHECK(told->read()->getStalenessMax() == 3);
}

TEST_CASE("a worker tells which shards owe it an answer for long") {
  auto awaited = [](const effects& out) {
    auto told = find<message<messages::WorkerProgress>>(out);
    REQUIRE(told);
    std::vector<std::uint32_t> result;
    for (auto shard : told->read()->getAwaits())
      result.push_back(shard);
    return result;
  };
  using shards = std::vector<std::uint32_t>;
  worker_under_test worker{{}};
  (void)worker.core.start(0);
  CHECK(awaited(worker.core.handle(timer_fired{1}, 0.5)).empty());
  CHECK(awaited(worker.core.handle(timer_fired{1}, 1.5)) == shards{0});
  (void)worker.core.handle(worker.parameters(0), 2);
  CHECK(awaited(worker.core.handle(timer_fired{1}, 2.5)).empty());
  (void)worker.core.handle(worker.computed(0), 3);
  (void)worker.core.handle(worker.parameters(1), 3);
  (void)worker.core.handle(timer_fired{1}, 3.5);
  CHECK(awaited(worker.core.handle(timer_fired{1}, 4.5)) == shards{0});
  (void)worker.core.handle(worker_under_test::applied(1), 5);
  CHECK(awaited(worker.core.handle(timer_fired{1}, 5.5)).empty());
}

TEST_CASE("a worker leaves when its last push is acknowledged, not before") {
  worker_under_test worker{{}, 1};
  (void)worker.core.start(0);
  (void)worker.core.handle(worker.parameters(0), 0);
  CHECK_FALSE(find<left>(worker.core.handle(worker.computed(0), 0)));
  auto out = worker.core.handle(worker_under_test::applied(1), 0);
  CHECK(find<left>(out)->read()->getClock() == 1);
  CHECK_FALSE(find<leave>(out));
  CHECK(find<left>(worker.core.handle(timer_fired{1}, 1)));              // until it is understood
  CHECK(worker.core.handle(worker_under_test::dismissed(1), 2).empty()); // answers what came before
  CHECK(find<left>(worker.core.handle(timer_fired{1}, 2)));
  CHECK(find<leave>(worker.core.handle(worker_under_test::dismissed(1, true), 2)));
  CHECK(worker.core.handle(timer_fired{1}, 3).empty());
}

TEST_CASE("a pull and a push that are not answered are repeated, each time after a longer wait") {
  worker_under_test worker{{}};
  (void)worker.core.start(0);
  auto repeated = [&worker]<class T>(double from, double to, std::optional<T>) {
    int count = 0;
    for (auto now = from; now <= to; ++now)
      count += find<T>(worker.core.handle(timer_fired{1}, now)).has_value();
    return count;
  };
  CHECK(repeated(1, 60, std::optional<pull>{}) == 5); // after 1, 2, 4, 8, 16 and 32 s of waiting
  (void)worker.core.handle(worker.parameters(0), 60);
  auto sent = find<push>(worker.core.handle(worker.computed(0), 60));
  auto again = find<push>(worker.core.handle(timer_fired{1}, 61));
  REQUIRE(again);
  CHECK(&again->segments() == &sent->segments());
  (void)worker.core.handle(worker_under_test::applied(1), 61);
  CHECK_FALSE(find<push>(worker.core.handle(timer_fired{1}, 100)));
}

namespace {

struct pushing_worker : worker_under_test {
  explicit pushing_worker(std::uint64_t steps) : worker_under_test({}, steps) { (void)core.start(0); }
  [[nodiscard]] bool pushes(std::uint64_t clock, double now) {
    (void)core.handle(parameters(clock), now);
    return find<push>(core.handle(computed(clock), now)).has_value();
  }
  [[nodiscard]] bool repeats(double now) { return find<push>(core.handle(timer_fired{1}, now)).has_value(); }
};

} // namespace

TEST_CASE("what was lost does not lengthen the wait after later losses") {
  pushing_worker worker{10};
  REQUIRE(worker.pushes(0, 0));
  (void)worker.core.handle(worker_under_test::applied(1), 0.1);
  REQUIRE(worker.pushes(1, 1));
  CHECK(worker.repeats(30));
  (void)worker.core.handle(worker_under_test::applied(2), 30.1);
  // One that is answered at once ends the longer wait, too.
  REQUIRE(worker.pushes(2, 31));
  (void)worker.core.handle(worker_under_test::applied(3), 31.1);
  REQUIRE(worker.pushes(3, 32));
  CHECK(worker.repeats(33)); // after the shortest wait, not after a multiple of 30 s
}

TEST_CASE("a push whose answer takes longer than the shortest wait is soon sent only once") {
  pushing_worker worker{20};
  int repeats = 0;
  double now = 0;
  for (std::uint64_t clock = 0; clock < 10; ++clock) {
    REQUIRE(worker.pushes(clock, now));
    for (auto until = now + 3; now < until; ++now)
      repeats += worker.repeats(now) ? 1 : 0;
    (void)worker.core.handle(worker_under_test::applied(clock + 1), now);
  }
  CHECK(repeats <= 3);
}

TEST_CASE("a worker that is taken for dead asks to join, and begins where it is told with nothing of its former life") {
  worker_under_test worker{{}, 10};
  (void)worker.core.start(0);
  (void)worker.core.handle(worker.parameters(0), 0);
  (void)worker.core.handle(worker.computed(0), 0);
  using join = message<messages::JoinTraining>;
  auto request = find<join>(worker.core.handle(worker_under_test::dismissed(1), 1));
  REQUIRE(request);
  CHECK(request->read()->getLife() == 1);
  CHECK(find<join>(worker.core.handle(timer_fired{1}, 2)));
  auto start = worker.assignment(7, 5, 1);
  CHECK(worker.core.handle(worker.assignment(6, 4), 3).empty()); // meant for its former life
  CHECK(find<pull>(worker.core.handle(start, 3))->read()->getClock() == 5);
  CHECK(worker.core.handle(start, 3).empty());                // a repetition
  CHECK(worker.core.handle(worker.parameters(5), 3).empty()); // to its former life
  CHECK(worker.core.handle(worker_under_test::applied(1), 3).empty());
}

TEST_CASE("a worker that is told to stop finishes the step under way, pushes it and leaves") {
  worker_under_test worker{{}};
  (void)worker.core.start(0);
  (void)worker.core.handle(worker.parameters(0), 0);
  CHECK(worker.core.handle(message_builder<messages::StopTraining>{}.finish(), 0).empty());
  auto out = worker.core.handle(worker.computed(0), 0);
  CHECK(find<push>(out));
  CHECK_FALSE(find<pull>(out));
  CHECK(find<left>(worker.core.handle(worker_under_test::applied(1), 0))->read()->getClock() == 1);
}

TEST_CASE("a loss that is not finite ends the worker with its step named, and its gradient is not pushed") {
  for (auto loss : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    worker_under_test worker{{}};
    (void)worker.core.start(0);
    (void)worker.core.handle(worker.parameters(0), 0);
    auto out = worker.core.handle(worker.computed(0, loss), 0);
    CHECK_FALSE(find<push>(out));
    auto failure = find<failed>(out);
    REQUIRE(failure);
    CHECK(failure->read()->getCause() == messages::MemberFailed::Cause::DIVERGED);
    CHECK(std::string{failure->read()->getSentence().cStr()}.find("worker 0 at step 0: the loss is not finite") == 0);
    CHECK(find<leave>(worker.core.handle(worker_under_test::dismissed(1, true), 0)));
  }
}

TEST_CASE("an answer that breaks the protocol ends the worker with a sentence") {
  worker_under_test worker{{}};
  (void)worker.core.start(0);
  message_builder<messages::ParametersPulled> answer;
  answer->setEpoch(1);
  answer->setShard(7);
  auto failure = find<failed>(worker.core.handle(answer.finish(), 0));
  REQUIRE(failure);
  CHECK(std::string{failure->read()->getSentence().cStr()}.find("shard 7 of 1") != std::string::npos);
}

TEST_CASE("an answer that comes twice is taken once") {
  worker_under_test worker{{}};
  (void)worker.core.start(0);
  CHECK(find<compute_gradient>(worker.core.handle(worker.parameters(0), 0)));
  CHECK(worker.core.handle(worker.parameters(0), 0).empty());
}

TEST_CASE("an assignment for a job that cannot be is refused with a sentence") {
  test::small_job job{.tables = true};
  auto plan = test::plan_of(job, {{"rows", {9}, {}, true, row_owner::feature}}, 3);
  worker_under_test other{{}};
  auto refusal = [&](std::uint32_t shards, const char* consistency) {
    worker_core core{0, 0, plan.layout};
    (void)core.start(0);
    message_builder<messages::StartWorker> start{*other.assignment().read()};
    start->initShardOfBlock(0);
    start->getJob().setShards(shards);
    start->getJob().setConsistency(consistency);
    auto refused = find<failed>(core.handle(start.finish(), 0));
    return std::string{refused ? refused->read()->getSentence().cStr() : ""};
  };
  CHECK(refusal(1, "asp").empty());
  CHECK(refusal(~0u, "asp")
            .find("the coordinator counts 4294967295 shards, and has placed blocks on 0: there can be a "
                  "whole number from 1 to 4096") != std::string::npos);
  CHECK(refusal(0, "asp").find("the coordinator counts 0 shards") != std::string::npos);
  CHECK(refusal(1, "sometimes").find("sometimes") != std::string::npos);
}

TEST_CASE("a worker that stops asks for no rows any more") {
  test::small_job job{.tables = true};
  auto plan = test::plan_of(job, {{"rows", {9}, {}, true, row_owner::feature}}, 3);
  worker_under_test other{{}};
  message_builder<messages::StartWorker> start{*other.assignment().read()};
  start->setJob(*plan.job.read());
  start->initShardOfBlock(0);
  worker_core core{start.finish(), plan.layout};
  REQUIRE(find<list_rows>(core.start(0)));
  auto listed = [](std::uint64_t clock) {
    return rows_listed{clock, {std::make_shared<const std::vector<std::uint64_t>>(1, 4)}};
  };
  REQUIRE(find<pull>(core.handle(listed(0), 0)));
  message_builder<messages::ParametersPulled> answer;
  answer->setEpoch(1);
  auto row = std::make_shared<bulk>(1);
  row->values()[0] = 0;
  answer->initRows(1).adopt(0, answer.refer(std::as_const(*row).values(), row));
  REQUIRE(find<compute_gradient>(core.handle(answer.finish(), 0)));
  auto out = core.handle(gradient_computed{0, {1, 0, 1}, 0, nullptr, {row}}, 0);
  REQUIRE(find<push>(out));
  REQUIRE(find<list_rows>(out));
  CHECK_FALSE(find<left>(core.handle(message_builder<messages::StopTraining>{}.finish(), 0)));
  CHECK(core.handle(listed(1), 0).empty()); // only the push is waited for
  REQUIRE(find<leave>(core.handle(worker_under_test::dismissed(1), 0)));
  CHECK(core.handle(listed(1), 0).empty());
}
