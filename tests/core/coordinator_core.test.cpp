#include "drover/actors/core/coordinator_core.hpp"

#include <capnp/any.h>
#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include "tests/core/world.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

using namespace drover;

namespace {

template <class T>
std::size_t count(const effects& what) {
  return static_cast<std::size_t>(
      std::ranges::count_if(what, [](const effect& one) { return std::holds_alternative<T>(one); }));
}

std::optional<finish_job> finished(const effects& what) {
  for (const auto& one : what)
    if (const auto* end = std::get_if<finish_job>(&one))
      return *end;
  return std::nullopt;
}

// One worker, one shard with one block of 4 floats, two epochs of two steps: played by the test.
struct job_under_test {
  training_plan plan;
  explicit job_under_test(training_plan wanted = test::plan_of({.epochs = 2}, test::tensors_of({4}), 2))
      : plan(std::move(wanted)) {}
  coordinator_core core{plan};

  message<messages::SnapshotTaken> snapshot(std::uint64_t request, float value) const {
    auto memory = std::make_shared<bulk>(4);
    std::ranges::fill(memory->values(), value);
    message_builder<messages::SnapshotTaken> answer;
    answer->setRequest(request);
    auto blocks = answer->initBlocks(1);
    blocks[0].adoptValues(answer.refer(memory->values(), memory));
    return answer.finish();
  }
  static message<messages::WorkerProgress> progress(std::uint64_t clock) {
    message_builder<messages::WorkerProgress> news;
    news->setEpoch(1);
    news->setClock(clock);
    news->setSamples(clock);
    return news.finish();
  }
  static message<messages::WorkerLeft> left() {
    message_builder<messages::WorkerLeft> farewell;
    farewell->setEpoch(1);
    return farewell.finish();
  }
  static message<messages::ShardReport> report() { return message_builder<messages::ShardReport>{}.finish(); }
  static message<messages::MemberFailed> diverged() {
    message_builder<messages::MemberFailed> failure;
    failure->setEpoch(1);
    failure->setCause(messages::MemberFailed::Cause::DIVERGED);
    failure->setSentence("worker 0 at step 3: the loss is not finite (nan)");
    return failure.finish();
  }
};

// The first that is set: the one that looks for a stall.
set_timer timer_of(const effects& what) {
  for (const auto& one : what)
    if (const auto* timer = std::get_if<set_timer>(&one))
      return *timer;
  FAIL("no timer was set");
  return {};
}

// Nobody answers any more: the end that comes when the timers which `out` sets fire.
std::optional<finish_job> finished_after_deadline(coordinator_core& core, const effects& out) {
  for (const auto& one : out)
    if (const auto* timer = std::get_if<set_timer>(&one))
      if (auto end = finished(core.handle(timer_fired{timer->id}, timer->seconds)))
        return end;
  return std::nullopt;
}

} // namespace

TEST_CASE("a job starts its shards before its workers") {
  job_under_test job;
  auto out = job.core.start(0);
  auto shard = std::ranges::find_if(out, [](const effect& e) { return std::holds_alternative<spawn_shard>(e); });
  auto worker = std::ranges::find_if(out, [](const effect& e) { return std::holds_alternative<spawn_worker>(e); });
  REQUIRE(shard != out.end());
  REQUIRE(worker != out.end());
  CHECK(shard < worker);
}

TEST_CASE("a worker and a shard that take turns share a thread; others do not") {
  auto shares = [](const test::small_job& job) {
    coordinator_core core{test::plan_of(job, test::tensors_of({4, 4}), 2)};
    bool own_thread = false;
    bool beside_shard = false;
    for (const auto& one : core.start(0)) {
      if (const auto* shard = std::get_if<spawn_shard>(&one))
        own_thread = shard->own_thread;
      if (const auto* worker = std::get_if<spawn_worker>(&one))
        beside_shard = worker->beside_shard;
    }
    CHECK(own_thread == beside_shard); // never in a thread that others need
    return beside_shard;
  };
  CHECK(shares({}));
  CHECK_FALSE(shares({.workers = 2}));
  CHECK_FALSE(shares({.shards = 2}));
  CHECK_FALSE(shares({.prefetch = true}));
}

TEST_CASE("each epoch's parameters are tested, and the last ones when everybody has left") {
  job_under_test job;
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.0f), 0.1);
  (void)job.core.handle(job_under_test::progress(2), 1);
  CHECK(count<evaluate_parameters>(job.core.handle(job.snapshot(2, 1.0f), 1)) == 1);
  auto tested = job.core.handle(evaluated{2, {5.0, 8, 10}}, 1.1);
  REQUIRE(count<notify>(tested) == 1);
  (void)job.core.handle(job_under_test::progress(4), 2);
  (void)job.core.handle(job_under_test::left(), 2);
  (void)job.core.handle(job_under_test::report(), 2);
  (void)job.core.handle(job.snapshot(3, 2.0f), 2);
  auto end = finished(job.core.handle(evaluated{3, {4.0, 9, 10}}, 2.1));
  REQUIRE(end);
  auto summary = end->summary.read();
  CHECK(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(summary->getTestAccuracy() == doctest::Approx(0.9));
  CHECK(summary->getEpochs() == 2);
  CHECK(summary->getSeconds() == doctest::Approx(2));
  CHECK(end->parameters->view().block(0)[0] == 2.0f);
}

TEST_CASE("when training diverges the last good parameters are handed over, not those that the shards hold") {
  job_under_test job;
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.0f), 0.1);
  (void)job.core.handle(job_under_test::progress(2), 1);
  (void)job.core.handle(job.snapshot(2, 1.0f), 1);
  (void)job.core.handle(evaluated{2, {5.0, 8, 10}}, 1.1);
  auto out = job.core.handle(job_under_test::diverged(), 1.5);
  CHECK_FALSE(finished(out));
  auto end = finished(job.core.handle(job_under_test::report(), 1.5));
  REQUIRE(end);
  CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::DIVERGED);
  CHECK(end->summary.read()->getSavedEpoch() == 1);
  CHECK(std::string{end->summary.read()->getSentence().cStr()}.find("worker 0 at step 3") == 0);
  CHECK(end->parameters->view().block(0)[0] == 1.0f);
}

TEST_CASE("a test loss that is not finite is a divergence, too") {
  job_under_test job;
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.0f), 0.1);
  (void)job.core.handle(job_under_test::progress(2), 1);
  (void)job.core.handle(job.snapshot(2, 1.0f), 1);
  (void)job.core.handle(evaluated{2, {std::numeric_limits<double>::infinity(), 1, 10}}, 1.1);
  auto end = finished(job.core.handle(job_under_test::report(), 1.2));
  REQUIRE(end);
  CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::DIVERGED);
  CHECK(end->summary.read()->getSavedEpoch() == 0);
  CHECK(std::isnan(end->summary.read()->getTestAccuracy()));
}

TEST_CASE("the death of a worker or of a shard ends the job with its name and the cause") {
  for (auto kind : {address::role::worker, address::role::shard}) {
    job_under_test job;
    (void)job.core.start(0);
    (void)job.core.handle(job.snapshot(1, 0.5f), 0.1);
    (void)job.core.handle(job_under_test::report(), 0.5);
    auto out = job.core.handle(member_down{{kind, 0}, "out of memory"}, 1);
    auto end = finished(out);
    if (!end && kind == address::role::worker) {
      (void)job.core.handle(job.snapshot(2, 0.75f), 1);
      (void)job.core.handle(job_under_test::report(), 1);
      end = finished(job.core.handle(evaluated{2, {4.0, 9, 10}}, 1.1));
    }
    REQUIRE(end);
    CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::FAILED);
    auto expected = to_string(address{kind, 0}) + " died: out of memory";
    CHECK(std::string{end->summary.read()->getSentence().cStr()} == expected);
    // What a shard said before does not tell how it ended.
    CHECK(end->summary.read()->getShardsSilent() == (kind == address::role::worker ? 0 : 1));
    // A worker's death loses nothing; with a shard its parameters are gone, and the last good ones remain.
    CHECK(end->parameters->view().block(0)[0] == (kind == address::role::worker ? 0.75f : 0.5f));
  }
}

TEST_CASE("after a failure the end comes even if nobody answers any more") {
  job_under_test job;
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.5f), 0.1);
  auto out = job.core.handle(member_down{{address::role::worker, 0}, "killed"}, 1);
  CHECK_FALSE(finished(out));
  std::optional<finish_job> end;
  for (const auto& one : out)
    if (const auto* timer = std::get_if<set_timer>(&one))
      end = finished(job.core.handle(timer_fired{timer->id}, 1 + timer->seconds));
  REQUIRE(end);
  CHECK(end->parameters->view().block(0)[0] == 0.5f);
}

TEST_CASE("a failure after the last worker left has a deadline, too") {
  job_under_test job;
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.5f), 0.1);
  (void)job.core.handle(job_under_test::left(), 2);
  message_builder<messages::MemberFailed> failure;
  failure->setRole(messages::MemberFailed::Role::SHARD);
  auto out = job.core.handle(failure.finish(), 2.5);
  std::optional<finish_job> end;
  for (const auto& one : out)
    if (const auto* timer = std::get_if<set_timer>(&one))
      end = finished(job.core.handle(timer_fired{timer->id}, 2.5 + timer->seconds));
  REQUIRE(end);
}

TEST_CASE("a job that is over but for a shard's answers, which do not come, fails with the shard's name") {
  for (auto stopped : {false, true}) {
    job_under_test job{test::plan_of({.epochs = 2, .stall_seconds = 30}, test::tensors_of({4}), 2)};
    (void)job.core.start(0);
    (void)job.core.handle(job.snapshot(1, 0.5f), 0.1);
    if (stopped)
      (void)job.core.handle(stop_requested{}, 1);
    auto closed = timer_of(job.core.handle(job_under_test::left(), 2));
    CHECK(closed.seconds == 30);
    auto end = finished(job.core.handle(timer_fired{closed.id}, 32));
    REQUIRE(end);
    CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::FAILED);
    CHECK(end->summary.read()->getSentence() ==
          "the job does not come to its end, nothing was heard for 30 s: shard 0 does not answer");
    CHECK(end->parameters->view().block(0)[0] == 0.5f);
  }
}

TEST_CASE("a last test that does not end fails the job, but whatever is heard before puts the deadline off") {
  job_under_test job{test::plan_of({.epochs = 2, .stall_seconds = 30}, test::tensors_of({4}), 2)};
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.5f), 0.1);
  auto closed = timer_of(job.core.handle(job_under_test::left(), 2));
  (void)job.core.handle(job_under_test::report(), 3);
  auto reported = timer_of(job.core.handle(timer_fired{closed.id}, 32));
  (void)job.core.handle(job.snapshot(2, 0.75f), 33);
  auto testing = timer_of(job.core.handle(timer_fired{reported.id}, 62));
  (void)job.core.handle(evaluation_progressed{}, 63);
  auto last = timer_of(job.core.handle(timer_fired{testing.id}, 92));
  CHECK(job.core.handle(timer_fired{testing.id}, 93).empty()); // only the last one counts
  auto end = finished(job.core.handle(timer_fired{last.id}, 122));
  REQUIRE(end);
  CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::FAILED);
  CHECK(end->summary.read()->getSentence() == "the job does not come to its end, nothing was heard for 30 s: the test "
                                              "of the last parameters goes on and on");
  CHECK(end->parameters->view().block(0)[0] == 0.5f);
}

TEST_CASE("a stall of a worker that shares a thread with its shard is blamed on the worker") {
  auto sentence_of = [](const test::small_job& fields) {
    job_under_test job{test::plan_of(fields, test::tensors_of({4, 4}), 2)};
    auto timer = timer_of(job.core.start(0));
    for (int look = 0; look < 10; ++look) {
      auto out = job.core.handle(timer_fired{timer.id}, look);
      if (auto end = finished_after_deadline(job.core, out))
        return std::string{end->summary.read()->getSentence().cStr()};
      timer = timer_of(out);
    }
    return std::string{"no stall"};
  };
  CHECK(sentence_of({.stall_seconds = 0.3}) ==
        "nothing progressed for 0.3 s: no shard keeps anybody waiting, and nothing comes from worker 0");
  CHECK(sentence_of({.prefetch = true, .stall_seconds = 9.5}) ==
        "nothing progressed for 9.5 s: shard 0 does not answer");
  CHECK(sentence_of({.workers = 2, .stall_seconds = 12}) == "nothing progressed for 12 s: shard 0 does not answer");
}

TEST_CASE("an epoch's line has the training loss since the epoch before, other lines that since the one before") {
  job_under_test job{test::plan_of({.workers = 2, .epochs = 3}, test::tensors_of({4}), 2)};
  auto progress = [](std::uint32_t worker, std::uint64_t clock, double loss_sum) {
    message_builder<messages::WorkerProgress> news;
    news->setWorker(worker);
    news->setEpoch(1);
    news->setClock(clock);
    news->setSamples(10 * clock);
    news->setLossSum(loss_sum);
    news->setCorrect(clock);
    return news.finish();
  };
  auto loss = [](const effects& out) {
    for (const auto& one : out)
      if (const auto* news = std::get_if<notify>(&one))
        return news->progress.read()->getLoss();
    return -1.0;
  };
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.5f), 0);
  CHECK(loss(job.core.handle(progress(0, 2, 80), 1)) == doctest::Approx(4));  // 80 / 20
  CHECK(loss(job.core.handle(progress(0, 4, 120), 2)) == doctest::Approx(2)); // 40 / 20
  CHECK(loss(job.core.handle(progress(1, 1, 50), 3)) == doctest::Approx(5));  // 50 / 10
  CHECK(loss(job.core.handle(progress(1, 2, 60), 3.1)) == -1);                // too soon
  (void)job.core.handle(job.snapshot(2, 1.0f), 3.2);
  CHECK(loss(job.core.handle(evaluated{2, {5.0, 8, 10}}, 4)) == doctest::Approx(3)); // (120 + 60) / 60
  CHECK(loss(job.core.handle(progress(1, 3, 70), 5)) == doctest::Approx(1));         // 10 / 10
  (void)job.core.handle(progress(1, 4, 78), 5.1);
  (void)job.core.handle(job.snapshot(3, 1.0f), 5.2);
  CHECK(loss(job.core.handle(evaluated{3, {5.0, 8, 10}}, 6)) == doctest::Approx(0.9)); // 18 / 20
}

TEST_CASE("a request to stop lets workers leave, tests what there is and says so") {
  job_under_test job;
  (void)job.core.start(0);
  (void)job.core.handle(job.snapshot(1, 0.0f), 0.1);
  CHECK(count<send>(job.core.handle(stop_requested{}, 1)) == 1);
  CHECK(job.core.handle(stop_requested{}, 1).empty());
  (void)job.core.handle(job_under_test::progress(1), 1);
  (void)job.core.handle(job_under_test::left(), 1);
  (void)job.core.handle(job_under_test::report(), 1);
  (void)job.core.handle(job.snapshot(2, 3.0f), 1);
  auto end = finished(job.core.handle(evaluated{2, {4.0, 9, 10}}, 1.1));
  REQUIRE(end);
  CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::STOPPED);
  CHECK(end->parameters->view().block(0)[0] == 3.0f);
}

TEST_CASE("a message that cannot be read ends the job with a sentence") {
  // One segment of one word, a pointer to a struct far behind its end.
  const std::uint32_t words[] = {0, 1, 0x4000, 1};
  auto bytes = frame::unflatten(std::as_bytes(std::span{words}));
  auto refused = [](const effects& out) {
    return std::ranges::any_of(out, [](const effect& one) {
      const auto* letter = std::get_if<send>(&one);
      return letter != nullptr && std::holds_alternative<message<messages::StopTraining>>(letter->what);
    });
  };
  auto ends_job = [&refused]<class T>(message<T> unreadable) {
    job_under_test job;
    (void)job.core.start(0);
    auto out = job.core.handle(unreadable, 1);
    CHECK(refused(out));
    auto end = finished_after_deadline(job.core, out);
    REQUIRE(end);
    CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::FAILED);
    std::string sentence = end->summary.read()->getSentence().cStr();
    CHECK(sentence.find("the coordinator refused a message") == 0);
  };
  ends_job(message<messages::WorkerProgress>{bytes});
  ends_job(message<messages::WorkerLeft>{bytes});
  ends_job(message<messages::MemberFailed>{bytes});
  ends_job(message<messages::SnapshotTaken>{bytes});
  ends_job(message<messages::ShardReport>{bytes});
}

TEST_CASE("a report of a shard that there is not is refused") {
  job_under_test job;
  (void)job.core.start(0);
  message_builder<messages::ShardReport> report;
  report->setShard(1);
  auto end = finished_after_deadline(job.core, job.core.handle(report.finish(), 1));
  REQUIRE(end);
  CHECK(end->summary.read()->getSentence() == "the coordinator refused a message: shard 1 of 1 sent a report");
  CHECK(end->summary.read()->getShards().size() == 0);
}

TEST_CASE("a report of which a part cannot be read is refused when it comes, not when it is used") {
  job_under_test job;
  (void)job.core.start(0);
  // Its waiting pulls are not a list but a message of another kind.
  message_builder<messages::ShardReport> report;
  capnp::AnyStruct::Builder fields = report.root();
  fields.getPointerSection()[1].initAs<messages::WorkerLeft>();
  auto end = finished_after_deadline(job.core, job.core.handle(report.finish(), 1));
  REQUIRE(end);
  CHECK(end->summary.read()->getOutcome() == messages::Summary::Outcome::FAILED);
}
