#include <doctest/doctest.h>

#include "tests/core/worker_under_test.hpp"
#include <string>
#include <vector>

using namespace drover;

namespace {

using test::find;
using test::worker_under_test;

message<messages::LeaseSlices> leased(std::uint64_t epoch, std::uint64_t number,
                                      const std::vector<slice_lease::lost_slice>& slices, std::uint32_t piece = 1,
                                      std::uint32_t pieces = 2) {
  message_builder<messages::LeaseSlices> lease;
  lease->setEpoch(epoch);
  lease->setNumber(number);
  lease->setPiece(piece);
  lease->setPieces(pieces);
  auto list = lease->initSlices(static_cast<unsigned>(slices.size()));
  for (unsigned i = 0; i < list.size(); ++i) {
    list[i].setWorker(slices[i].slice);
    list[i].setFrom(slices[i].from);
  }
  return lease.finish();
}

} // namespace

TEST_CASE("a lease of others' slices counts from the next step that is begun, and a worker tells which it has") {
  worker_under_test worker{{.workers = 3}, 10};
  (void)worker.core.start(0);
  CHECK(worker.core.handle(leased(1, 4, {{2, 7}}), 0).empty());
  auto begun_before = find<compute_gradient>(worker.core.handle(worker.parameters(0), 0));
  REQUIRE(begun_before);
  CHECK(begun_before->lease.slices.empty());
  (void)worker.core.handle(worker.computed(0), 0);
  (void)worker.core.handle(leased(1, 3, {}), 0);         // overtaken
  (void)worker.core.handle(leased(2, 5, {{1, 1}}), 0.1); // to another life
  auto next = find<compute_gradient>(worker.core.handle(worker.parameters(1), 0));
  REQUIRE(next);
  REQUIRE(next->lease.slices.size() == 1);
  CHECK(next->lease.slices[0].slice == 2);
  CHECK(next->lease.slices[0].from == 7);
  CHECK(next->lease.piece == 1);
  CHECK(next->lease.pieces == 2);
  (void)worker.core.handle(timer_fired{1}, 1);
  auto news = find<message<messages::WorkerProgress>>(worker.core.handle(timer_fired{1}, 2));
  REQUIRE(news);
  CHECK(news->read()->getLease() == 4);
}

TEST_CASE("a new life of a worker begins without the lease of the one before") {
  worker_under_test worker{{.workers = 3}, 10};
  (void)worker.core.start(0);
  (void)worker.core.handle(leased(1, 4, {{2, 7}}), 0);
  (void)worker.core.handle(worker_under_test::dismissed(1), 0);
  (void)worker.core.handle(worker.assignment(6, 3, 1), 0);
  auto news = find<message<messages::WorkerProgress>>(worker.core.handle(timer_fired{1}, 2));
  REQUIRE(news);
  CHECK(news->read()->getLease() == 0);
}

TEST_CASE("a lease of slices that do not exist ends the worker with a sentence") {
  for (const auto& wrong : {leased(1, 4, {{3, 0}}), leased(1, 4, {{2, 0}, {1, 0}}), leased(1, 4, {{2, 0}}, 2),
                            leased(1, 4, {{0, 0}, {1, 0}, {2, 0}}), leased(1, 4, {}, 0, 0)}) {
    worker_under_test worker{{.workers = 3}, 10};
    (void)worker.core.start(0);
    auto failure = find<message<messages::MemberFailed>>(worker.core.handle(wrong, 0));
    REQUIRE(failure);
    CHECK(std::string{failure->read()->getSentence().cStr()}.find("the coordinator leased") != std::string::npos);
  }
}
