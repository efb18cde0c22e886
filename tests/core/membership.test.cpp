#include "drover/actors/core/coordinator_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <algorithm>
#include <vector>

using namespace drover;

namespace {

message<messages::JoinTraining> join(std::uint32_t worker, std::uint64_t life) {
  message_builder<messages::JoinTraining> request;
  request->setWorker(worker);
  request->setLife(life);
  return request.finish();
}

template <class T>
std::vector<message<T>> told(const effects& what, std::uint32_t index) {
  std::vector<message<T>> result;
  for (const auto& one : what)
    if (const auto* letter = std::get_if<send>(&one); letter != nullptr && letter->to.index == index)
      if (const auto* body = std::get_if<message<T>>(&letter->what))
        result.push_back(*body);
  return result;
}

message<messages::MembershipAdopted> adopted(std::uint32_t shard, const message<messages::ChangeMembership>& change,
                                             std::uint64_t clock) {
  message_builder<messages::MembershipAdopted> answer;
  answer->setShard(shard);
  answer->setEpoch(change.read()->getEpoch());
  answer->setMembers(change.read()->getMembers());
  for (auto member : answer->getMembers())
    if (member.getJoined() == change.read()->getEpoch() || member.getJoined() > 1)
      member.setClock(std::max(clock, member.getClock()));
  return answer.finish();
}

effects speak(coordinator_core& core, std::uint32_t worker, double now) {
  message_builder<messages::WorkerProgress> news;
  news->setWorker(worker);
  news->setEpoch(1);
  return core.handle(news.finish(), now);
}

/// How often the coordinator tells shard 0 of a change of members, while it looks once a second.
std::size_t tick(coordinator_core& core, double from, double until) {
  std::size_t result = 0;
  for (double now = from; now <= until; ++now)
    result += told<messages::ChangeMembership>(core.handle(timer_fired{0}, now), 0).size();
  return result;
}

} // namespace

TEST_CASE("a worker that joins is started when all shards count it at the same clock") {
  coordinator_core core{test::plan_of({.workers = 2, .shards = 2}, test::tensors_of({4, 4}), 100)};
  (void)core.start(0);
  auto first = told<messages::ChangeMembership>(core.handle(join(1, 1), 1), 0);
  REQUIRE(first.size() == 1);
  CHECK(core.handle(join(1, 1), 1).empty()); // the same request again
  CHECK(core.handle(adopted(0, first[0], 4), 1).empty());
  auto differing = core.handle(adopted(1, first[0], 7), 1);
  CHECK(told<messages::StartWorker>(differing, 1).empty());
  auto second = told<messages::ChangeMembership>(differing, 0);
  REQUIRE(second.size() == 1);
  CHECK(second[0].read()->getMembers()[1].getClock() == 7);
  CHECK(second[0].read()->getMembers()[1].getJoined() == first[0].read()->getEpoch());
  (void)core.handle(adopted(0, second[0], 7), 1);
  auto started = told<messages::StartWorker>(core.handle(adopted(1, second[0], 7), 1), 1);
  REQUIRE(started.size() == 1);
  CHECK(started[0].read()->getStepFirst() == 7);
  CHECK(started[0].read()->getEpoch() == first[0].read()->getEpoch());
  CHECK(told<messages::StartWorker>(core.handle(join(1, 1), 2), 1).size() == 1); // it did not hear
}

TEST_CASE("a worker that is silent for too long is a member no more, and learns so when it speaks") {
  coordinator_core core{test::plan_of({.workers = 2, .silence_seconds = 5}, test::tensors_of({4}), 100)};
  (void)core.start(0);
  tick(core, 1, 4);
  (void)speak(core, 0, 4);
  CHECK(told<messages::ChangeMembership>(core.handle(timer_fired{0}, 5), 0).empty());
  (void)speak(core, 0, 5);
  auto changes = told<messages::ChangeMembership>(core.handle(timer_fired{0}, 6), 0);
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].read()->getMembers().size() == 1);
  CHECK(changes[0].read()->getMembers()[0].getWorker() == 0);
  CHECK(told<messages::Dismiss>(speak(core, 1, 7), 1).size() == 1);
  (void)core.handle(adopted(0, changes[0], 0), 7);
  // Worker 0 was silent for 4 s once: it is given 12.
  CHECK(tick(core, 7, 17) == 0);
  CHECK(tick(core, 18, 18) == 1);
}

TEST_CASE("while the coordinator stood still nobody was silent") {
  coordinator_core core{test::plan_of({.workers = 2, .silence_seconds = 5}, test::tensors_of({4}), 100)};
  (void)core.start(0);
  (void)speak(core, 0, 1);
  (void)speak(core, 1, 1);
  CHECK(tick(core, 1, 3) == 0);
  // What came meanwhile is read before the look that comes late.
  (void)speak(core, 0, 103);
  CHECK(tick(core, 103, 103) == 0);
  CHECK(tick(core, 104, 105) == 0);
  CHECK_MESSAGE(tick(core, 106, 106) == 1, "worker 1 was silent for 3 s before, and for 3 since then");
  CHECK(told<messages::Dismiss>(speak(core, 1, 107), 1).size() == 1);
  CHECK(told<messages::Dismiss>(speak(core, 0, 107), 0).empty());
}

TEST_CASE("a change of members is told again to shards that have not adopted it") {
  coordinator_core core{test::plan_of({.workers = 2, .shards = 2}, test::tensors_of({4, 4}), 100)};
  (void)core.start(0);
  auto change = told<messages::ChangeMembership>(core.handle(join(1, 1), 1), 0).at(0);
  (void)core.handle(adopted(0, change, 0), 1);
  auto again = core.handle(timer_fired{0}, 4);
  CHECK(told<messages::ChangeMembership>(again, 0).empty());
  CHECK(told<messages::ChangeMembership>(again, 1).size() == 1);
}

TEST_CASE("a request to stop ends a job whose workers are all lost, or ask to join") {
  coordinator_core lost{test::plan_of({.silence_seconds = 5}, test::tensors_of({4}), 100)};
  (void)lost.start(0);
  (void)tick(lost, 1, 6);
  CHECK(told<messages::TakeReport>(lost.handle(stop_requested{}, 7), 0).size() == 1); // it closes

  coordinator_core joining{test::plan_of({}, test::tensors_of({4}), 100)};
  (void)joining.start(0);
  (void)joining.handle(join(0, 1), 1);
  CHECK(told<messages::TakeReport>(joining.handle(stop_requested{}, 2), 0).empty());
  auto out = joining.handle(join(0, 1), 3);
  CHECK(told<messages::Dismiss>(out, 0).size() == 1);
  CHECK(told<messages::TakeReport>(out, 0).size() == 1);
}

TEST_CASE("a request to join of a life that is over is ignored") {
  coordinator_core core{test::plan_of({.workers = 2}, test::tensors_of({4}), 100)};
  (void)core.start(0);
  (void)core.handle(join(1, 5), 1);
  CHECK(core.handle(join(1, 4), 2).empty());
}

TEST_CASE("where silence says nothing, a worker may compute for as long as it takes") {
  coordinator_core core{test::plan_of({.workers = 2, .silence_seconds = 0}, test::tensors_of({4}), 100)};
  (void)core.start(0);
  CHECK(told<messages::ChangeMembership>(core.handle(timer_fired{0}, 1e6), 0).empty());
}

namespace {

const start_replacement* replacement_in(const effects& what) {
  for (const auto& one : what)
    if (const auto* found = std::get_if<start_replacement>(&one))
      return found;
  return nullptr;
}

bool looks_for_place(const effects& what, std::uint32_t worker) {
  return std::ranges::any_of(what, [worker](const effect& one) {
    const auto* wanted = std::get_if<find_place>(&one);
    return wanted != nullptr && wanted->worker == worker;
  });
}

const member_down process_of_1_died{worker_address(1), "it went away", true};

} // namespace

TEST_CASE("a worker whose process died is given another place, and joins from there") {
  coordinator_core core{test::plan_of({.workers = 2}, test::tensors_of({4}), 100), true};
  (void)core.start(0);
  auto out = core.handle(process_of_1_died, 1);
  CHECK(looks_for_place(out, 1));
  auto without = told<messages::ChangeMembership>(out, 0).at(0);
  CHECK(without.read()->getMembers().size() == 1);
  (void)core.handle(adopted(0, without, 0), 1);

  auto placed = core.handle(place_found{1}, 2);
  const auto* there = replacement_in(placed);
  REQUIRE(there != nullptr);
  CHECK(there->worker == 1);
  CHECK_MESSAGE(core.handle(join(1, 1), 3).empty(), "the process that died counts for nothing, should it speak again");
  auto with = told<messages::ChangeMembership>(core.handle(join(1, there->life), 3), 0).at(0);
  CHECK(with.read()->getMembers().size() == 2);
  CHECK(told<messages::StartWorker>(core.handle(adopted(0, with, 0), 4), 1).size() == 1);
}

TEST_CASE("a place is looked for again until there is one, but not for a worker that came back") {
  coordinator_core core{test::plan_of({.workers = 2, .silence_seconds = 5}, test::tensors_of({4}), 100), true};
  (void)core.start(0);
  (void)core.handle(join(0, 1), 1);
  CHECK(looks_for_place(core.handle(process_of_1_died, 1), 1));
  CHECK_FALSE_MESSAGE(looks_for_place(core.handle(timer_fired{0}, 4), 1), "the answer is still to come");
  CHECK(core.handle(place_missing{1}, 4).empty());
  CHECK_FALSE(looks_for_place(core.handle(timer_fired{0}, 5), 1));
  CHECK(looks_for_place(core.handle(timer_fired{0}, 6), 1));
  (void)core.handle(place_missing{1}, 7);
  (void)core.handle(join(1, 1), 8);
  CHECK_FALSE(looks_for_place(core.handle(timer_fired{0}, 12), 1));
  CHECK(replacement_in(core.handle(place_found{1}, 12)) == nullptr);
}

TEST_CASE("every place of a worker begins with a life that no other had") {
  coordinator_core core{test::plan_of({.workers = 2}, test::tensors_of({4}), 100), true};
  (void)core.start(0);
  (void)core.handle(process_of_1_died, 1);
  auto first = core.handle(place_found{1}, 1);
  auto second = core.handle(place_found{1}, 1);
  REQUIRE(replacement_in(first) != nullptr);
  REQUIRE(replacement_in(second) != nullptr);
  CHECK(replacement_in(second)->life > replacement_in(first)->life);
  CHECK_MESSAGE(core.handle(join(1, replacement_in(first)->life), 2).empty(), "the first is not the one that counts");
}

TEST_CASE("nobody looks for a place for a worker of a job that ends") {
  coordinator_core core{test::plan_of({.workers = 2}, test::tensors_of({4}), 100), true};
  (void)core.start(0);
  (void)core.handle(stop_requested{}, 1);
  CHECK_FALSE(looks_for_place(core.handle(process_of_1_died, 2), 1));
}

TEST_CASE(
    "a place that is lost before its worker speaks is looked for again at once, and one that fails ends the job") {
  for (bool host_lost : {true, false}) {
    coordinator_core core{test::plan_of({.workers = 2}, test::tensors_of({4}), 100), true};
    (void)core.start(0);
    (void)core.handle(process_of_1_died, 1);
    REQUIRE(replacement_in(core.handle(place_found{1}, 1)) != nullptr);
    auto out = core.handle(member_down{worker_address(1), "it broke", host_lost}, 2);
    CHECK(looks_for_place(out, 1) == host_lost);
    CHECK(told<messages::StopTraining>(out, 0).empty() == host_lost);
  }
}

TEST_CASE("a job whose other workers are done waits a while for a place for the one that was lost") {
  coordinator_core core{test::plan_of({.workers = 2}, test::tensors_of({4}), 100), true};
  (void)core.start(0);
  message_builder<messages::WorkerLeft> left;
  left->setEpoch(1);
  left->setClock(100);
  (void)core.handle(left.finish(), 1);
  CHECK(told<messages::TakeReport>(core.handle(process_of_1_died, 2), 0).empty());
  CHECK(told<messages::TakeReport>(core.handle(timer_fired{0}, 31), 0).empty());
  CHECK_MESSAGE(told<messages::TakeReport>(core.handle(timer_fired{0}, 33), 0).size() == 1, "it closes");
}

TEST_CASE("the samples of a worker that was lost are leased to the others until it trains again") {
  coordinator_core core{test::plan_of({.workers = 3, .silence_seconds = 5}, test::tensors_of({4}), 100)};
  (void)core.start(0);
  auto say = [&core](std::uint32_t worker, double now, std::uint64_t clock, std::uint64_t lease) {
    message_builder<messages::WorkerProgress> news;
    news->setWorker(worker);
    news->setEpoch(1);
    news->setClock(clock);
    news->setLease(lease);
    return core.handle(news.finish(), now);
  };
  CHECK(told<messages::LeaseSlices>(say(1, 1, 42, 0), 1).empty()); // nobody is lost
  effects lost;
  for (double now = 1; now <= 7; ++now) {
    (void)say(0, now, 50, 0);
    (void)say(2, now, 50, 0);
    if (lost = core.handle(timer_fired{0}, now); !told<messages::LeaseSlices>(lost, 0).empty())
      break;
  }
  CHECK(told<messages::LeaseSlices>(lost, 1).empty());
  std::uint32_t piece = 0;
  for (auto worker : {0u, 2u}) {
    auto leases = told<messages::LeaseSlices>(lost, worker);
    REQUIRE(leases.size() == 1);
    auto view = leases[0].read();
    CHECK(view->getEpoch() == 1);
    CHECK(view->getPiece() == piece++);
    CHECK(view->getPieces() == 2);
    REQUIRE(view->getSlices().size() == 1);
    CHECK(view->getSlices()[0].getWorker() == 1);
    CHECK(view->getSlices()[0].getFrom() == 42);
  }
  auto number = told<messages::LeaseSlices>(lost, 0)[0].read()->getNumber();
  CHECK(told<messages::LeaseSlices>(say(0, 8, 51, 0), 0).size() == 1); // it did not hear
  CHECK(told<messages::LeaseSlices>(say(0, 8, 51, number), 0).empty());
  auto first = told<messages::ChangeMembership>(lost, 0);
  (void)core.handle(adopted(0, first.at(0), 0), 8);
  auto back = core.handle(join(1, 1), 8);
  for (auto worker : {0u, 2u}) {
    auto leases = told<messages::LeaseSlices>(back, worker);
    REQUIRE(leases.size() == 1);
    CHECK(leases[0].read()->getSlices().size() == 0);
    CHECK(leases[0].read()->getNumber() > number);
  }
}

TEST_CASE("the samples of a worker that did all of its steps are nobody else's") {
  coordinator_core core{test::plan_of({.workers = 3, .silence_seconds = 5}, test::tensors_of({4}), 100)};
  (void)core.start(0);
  auto leave = [&core](std::uint32_t worker) {
    message_builder<messages::WorkerLeft> done;
    done->setWorker(worker);
    done->setEpoch(1);
    done->setClock(100);
    return core.handle(done.finish(), 1);
  };
  auto first = leave(1);
  CHECK(told<messages::LeaseSlices>(first, 0).empty());
  auto change = told<messages::ChangeMembership>(first, 0);
  (void)core.handle(adopted(0, change.at(0), 0), 1);
  CHECK(told<messages::LeaseSlices>(leave(2), 0).empty());
}
