#include "drover/actors/sim/event_queue.hpp"

#include <doctest/doctest.h>

#include <memory>

using drover::sim::event_queue;

TEST_CASE("events come out by time, and those of the same time in the order in which they went in") {
  event_queue<int> queue;
  queue.push(30, 3);
  queue.push(10, 1);
  queue.push(30, 4);
  queue.push(20, 2);
  queue.push(30, 5);
  for (int expected = 1; expected <= 5; ++expected)
    CHECK(queue.pop().second == expected);
  CHECK(queue.empty());
}

TEST_CASE("what was taken out is let go of, and its place used again") {
  event_queue<std::shared_ptr<int>> queue;
  auto watched = std::make_shared<int>(1);
  for (int round = 0; round < 100; ++round) {
    queue.push(round, watched);
    CHECK(watched.use_count() == 2);
    CHECK(*queue.pop().second == 1);
    CHECK(watched.use_count() == 1);
  }
}
