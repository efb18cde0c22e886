#include "drover/actors/core/coordinator_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <optional>
#include <string>

// A coordinator whose workers are found new places, played by the test: two workers, one shard.

using namespace drover;

namespace {

template <class T>
const T* first_of(const effects& what) {
  for (const auto& one : what)
    if (const auto* found = std::get_if<T>(&one))
      return found;
  return nullptr;
}

template <class T>
const message<T>* find_letter(const effects& what) {
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one))
      if (const auto* body = std::get_if<message<T>>(&letter->what))
        return body;
  return nullptr;
}

training_plan two_workers() {
  return test::plan_of({.workers = 2, .epochs = 100}, test::tensors_of({4}), 2);
}

message<messages::JoinTraining> request_of(std::uint32_t worker, std::uint64_t life) {
  message_builder<messages::JoinTraining> request;
  request->setWorker(worker);
  request->setLife(life);
  return request.finish();
}

// What the shard says when it has adopted a change.
message<messages::MembershipAdopted> adoption_of(const message<messages::ChangeMembership>& change) {
  auto view = change.read();
  message_builder<messages::MembershipAdopted> answer;
  answer->setEpoch(view->getEpoch());
  answer->setMembers(view->getMembers());
  return answer.finish();
}

message<messages::WorkerProgress> progress_of(std::uint32_t worker, std::uint64_t clock) {
  message_builder<messages::WorkerProgress> news;
  news->setWorker(worker);
  news->setEpoch(1);
  news->setClock(clock);
  news->setSamples(clock);
  return news.finish();
}

std::optional<finish_job> ended(coordinator_core& core, const effects& out) {
  if (const auto* end = first_of<finish_job>(out))
    return *end;
  for (const auto& one : out)
    if (const auto* timer = std::get_if<set_timer>(&one)) {
      auto next = core.handle(timer_fired{timer->id}, timer->seconds);
      if (const auto* end = first_of<finish_job>(next))
        return *end;
    }
  return std::nullopt;
}

message<messages::Summary> end_of(coordinator_core& core, double now) {
  auto end = ended(core, core.handle(member_down{shard_address(0), "for the test's end"}, now));
  REQUIRE(end);
  return end->summary;
}

} // namespace

TEST_CASE("a worker that moves is a member no more, and begins elsewhere at a clock that no shard has passed") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  (void)core.handle(progress_of(0, 7), 1);
  (void)core.handle(progress_of(1, 5), 1);
  auto out = core.handle(worker_moves{0}, 2);
  REQUIRE(first_of<find_place>(out));
  CHECK(first_of<find_place>(out)->worker == 0);
  const auto* change = find_letter<messages::ChangeMembership>(out);
  REQUIRE(change);
  REQUIRE(change->read()->getMembers().size() == 1);
  CHECK(change->read()->getMembers()[0].getWorker() == 1);
  (void)core.handle(adoption_of(*change), 2);
  // Its actor is ended: no news.
  CHECK(core.handle(member_down{worker_address(0), "its process was stopped", true}, 2.1).empty());

  out = core.handle(place_found{0}, 3);
  REQUIRE(first_of<start_replacement>(out));
  auto life = first_of<start_replacement>(out)->life;
  out = core.handle(request_of(0, life), 4);
  change = find_letter<messages::ChangeMembership>(out);
  REQUIRE(change);
  CHECK(change->read()->getMembers().size() == 2);
  out = core.handle(adoption_of(*change), 5);
  const auto* begins = find_letter<messages::StartWorker>(out);
  REQUIRE(begins);
  CHECK(begins->read()->getStepFirst() == 5);
  CHECK(begins->read()->getLife() == life);

  auto summary = end_of(core, 6);
  auto view = summary.read();
  CHECK(view->getWorkersMoved() == 1);
  CHECK(view->getWorkersJoined() == 1);
  CHECK(view->getWorkersLost() == 0);
  REQUIRE(view->getHappenings().size() == 2);
  CHECK(view->getHappenings()[0].getSeconds() == 2);
  CHECK(std::string{view->getHappenings()[0].getSentence().cStr()} == "worker 0 moves");
  CHECK(view->getHappenings()[1].getSeconds() == 5);
  CHECK(std::string{view->getHappenings()[1].getSentence().cStr()} == "worker 0 joins at step 5");
}

TEST_CASE("a worker whose new place dies before it speaks from there is found another") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  (void)core.handle(worker_moves{0}, 1);
  auto first = core.handle(place_found{0}, 2);
  REQUIRE(first_of<start_replacement>(first));
  auto out = core.handle(member_down{worker_address(0), "its process is gone", true}, 3);
  REQUIRE(first_of<find_place>(out));
  auto second = core.handle(place_found{0}, 4);
  REQUIRE(first_of<start_replacement>(second));
  CHECK(first_of<start_replacement>(second)->life > first_of<start_replacement>(first)->life);
  auto summary = end_of(core, 5);
  CHECK(summary.read()->getWorkersMoved() == 1);
  CHECK(summary.read()->getWorkersLost() == 0);
}

TEST_CASE("a worker moves only while it is a member of a job that finds places and goes on") {
  coordinator_core without{two_workers()};
  (void)without.start(0);
  CHECK(without.handle(worker_moves{0}, 1).empty());
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  CHECK(core.handle(worker_moves{7}, 1).empty());
  CHECK_FALSE(core.handle(worker_moves{0}, 1).empty());
  CHECK(core.handle(worker_moves{0}, 2).empty());
  (void)core.handle(stop_requested{}, 3);
  CHECK(core.handle(worker_moves{1}, 4).empty());
}

TEST_CASE("a worker that was taken for dead and has done all its steps needs no place, and its end is no news") {
  auto plan = two_workers();
  coordinator_core core{plan, true};
  (void)core.start(0);
  REQUIRE(first_of<find_place>(core.handle(member_down{worker_address(0), "its connection is lost", true}, 1)));
  message_builder<messages::WorkerLeft> left;
  left->setWorker(0);
  left->setEpoch(1);
  left->setClock(plan.steps);
  auto out = core.handle(left.finish(), 2);
  REQUIRE(find_letter<messages::Dismiss>(out));
  CHECK(core.handle(member_down{worker_address(0), "it has ended"}, 3).empty());
  CHECK_FALSE(first_of<start_replacement>(core.handle(place_found{0}, 4)));
}

TEST_CASE("the end of a worker that was taken for dead is no news once the job was asked to stop") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  (void)core.handle(member_down{worker_address(0), "its connection is lost", true}, 1);
  (void)core.handle(stop_requested{}, 2);
  REQUIRE(find_letter<messages::Dismiss>(core.handle(request_of(0, 1), 3)));
  CHECK(core.handle(member_down{worker_address(0), "it has ended"}, 4).empty());
}

TEST_CASE("a life that leaves none for the next place does not join") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  (void)core.handle(worker_moves{0}, 1);
  CHECK(core.handle(request_of(0, ~std::uint64_t{0}), 2).empty());
  auto out = core.handle(place_found{0}, 3);
  REQUIRE(first_of<start_replacement>(out));
  CHECK(first_of<start_replacement>(out)->life > 0);
}

TEST_CASE("a worker that takes turns with its shard is found no place: its shard would stay behind") {
  coordinator_core core{test::plan_of({.epochs = 100}, test::tensors_of({4}), 2), true};
  (void)core.start(0);
  CHECK(core.handle(worker_moves{0}, 1).empty());
  CHECK_FALSE(first_of<find_place>(core.handle(member_down{worker_address(0), "its process is gone", true}, 1)));
}

TEST_CASE("a worker that is silent for longer than ever is slow, until it is heard of again") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  for (double now = 1; now <= 30; ++now) {
    (void)core.handle(progress_of(0, 1), now);
    if (now <= 2 || now == 20)
      (void)core.handle(progress_of(1, 1), now);
    (void)core.handle(timer_fired{0}, now);
  }
  auto summary = end_of(core, 31);
  auto view = summary.read();
  auto happened = view->getHappenings();
  REQUIRE(happened.size() == 2);
  CHECK(happened[0].getSeconds() == 13);
  CHECK(std::string{happened[0].getSentence().cStr()} == "worker 1 is slow: it was never silent for so long");
  CHECK(happened[1].getSeconds() == 20);
  CHECK(std::string{happened[1].getSentence().cStr()} == "worker 1 is heard of again");
}

TEST_CASE("the summary tells what happened as it did, and how much it leaves out") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  (void)core.handle(member_down{worker_address(1), "its process is gone", true}, 1);
  for (int i = 0; i < 1010; ++i)
    CHECK(core.handle(noted{"node " + std::to_string(i) + " joins"}, 2).empty());
  auto summary = end_of(core, 3);
  auto view = summary.read();
  REQUIRE(view->getHappenings().size() == 1000);
  CHECK(std::string{view->getHappenings()[0].getSentence().cStr()} == "worker 1 is lost: its process is gone");
  CHECK(std::string{view->getHappenings()[999].getSentence().cStr()} == "node 998 joins");
  CHECK(view->getHappeningsMore() == 11);
}

TEST_CASE("a look at a job shows who is a member, how far, and what shards said to the look before") {
  coordinator_core core{two_workers(), true};
  (void)core.start(0);
  (void)core.handle(progress_of(1, 9), 1);
  (void)core.handle(worker_moves{0}, 2);
  message_builder<messages::JobView> before;
  auto out = core.look(before.root());
  CHECK(find_letter<messages::TakeReport>(out));
  CHECK(before->getShards().size() == 0);
  REQUIRE(before->getWorkers().size() == 2);
  CHECK_FALSE(before->getWorkers()[0].getIsMember());
  CHECK(before->getWorkers()[1].getIsMember());
  CHECK(before->getWorkers()[1].getClock() == 9);
  message_builder<messages::ShardReport> report;
  report->setVersion(42);
  (void)core.handle(report.finish(), 3);
  message_builder<messages::JobView> after;
  (void)core.look(after.root());
  REQUIRE(after->getShards().size() == 1);
  CHECK(after->getShards()[0].getVersion() == 42);
}
