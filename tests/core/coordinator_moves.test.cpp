#include "drover/actors/core/coordinator_core.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <algorithm>

// Shards that move, as the coordinator sees it.

using namespace drover;

namespace {

struct coordinator : coordinator_core {
  coordinator() : coordinator_core(test::plan_of({.workers = 2, .shards = 2}, test::tensors_of({4, 5}), 10), true) {
    (void)start(0);
  }
};

template <class T>
bool asks_for(const effects& what) {
  return std::ranges::any_of(what, [](const effect& one) { return std::holds_alternative<T>(one); });
}

} // namespace

// Seed 27 of a hunt with swarm.
TEST_CASE("a shard that moves does not move again before it goes on") {
  coordinator one;
  CHECK(asks_for<copy_shard>(one.handle(shard_moves{0}, 1)));
  CHECK(one.handle(shard_moves{0}, 2).empty());
  CHECK(asks_for<copy_shard>(one.handle(shard_moves{1}, 2)));
  CHECK(asks_for<replace_shard>(one.handle(shard_copied{0}, 3)));
  CHECK(one.handle(shard_moves{0}, 4).empty());
  CHECK(asks_for<tell_place>(one.handle(shard_replaced{0}, 5)));
  CHECK(asks_for<copy_shard>(one.handle(shard_moves{0}, 6)));
  CHECK(asks_for<thaw_shard>(one.handle(shard_not_copied{0, "of chance"}, 7)));
  CHECK(asks_for<copy_shard>(one.handle(shard_moves{0}, 8)));
}

TEST_CASE("what is said of a move that is over means nothing") {
  coordinator one;
  CHECK(one.handle(shard_copied{0}, 1).empty());
  CHECK(one.handle(shard_not_copied{0, "late"}, 1).empty());
  CHECK(one.handle(shard_replaced{0}, 1).empty());
}

TEST_CASE("a shard of a job that ends does not move") {
  coordinator one;
  (void)one.handle(stop_requested{}, 1);
  CHECK(one.ends());
  CHECK(one.handle(shard_moves{0}, 2).empty());
}
