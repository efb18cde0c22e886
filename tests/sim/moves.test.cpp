#include <doctest/doctest.h>

#include "tests/sim/small_world.hpp"
#include <vector>

// Shards that go on elsewhere.

using namespace drover;
using test::millisecond;

namespace {

constexpr std::uint32_t head = 0;
constexpr std::uint32_t shard_machine = 1;
constexpr std::uint32_t first_worker = 2;

sim::replacement with(std::vector<sim::replacement::shard_move> moves) {
  return {.is_on = true, .delay_max = 10 * millisecond, .shard_moves = std::move(moves)};
}

const std::vector<float>& undisturbed() {
  static const auto result = [] {
    test::small_world one{with({})};
    REQUIRE(one.world.run(1e6));
    return one.parameters();
  }();
  return result;
}

} // namespace

TEST_CASE("a shard that moves costs no bits, though it takes longer than silence and stalls are allowed to last") {
  test::small_world one{with({{.at = 200 * millisecond, .machine = first_worker, .takes = 30'000 * millisecond}})};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.parameters() == undisturbed());
  CHECK(one.tells("shard 0 goes on"));
  auto summary = one.world.result().summary.read();
  CHECK(summary->getWorkersLost() == 0);
  // What was asked meanwhile is asked again at once, not after a wait that had grown as long as the move.
  CHECK(summary->getSeconds() < 31.5);
}

TEST_CASE("a shard goes on elsewhere when its former machine dies after the move") {
  test::small_world one{with({{.at = 200 * millisecond, .machine = head, .takes = 50 * millisecond}}),
                        R"({"kind": "crash", "machines": ["shard"], "atSeconds": 0.4})"};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.parameters() == undisturbed());
}

TEST_CASE("a shard whose new place dies while it is copied goes on where it was") {
  test::small_world one{with({{.at = 200 * millisecond, .machine = first_worker, .takes = 300 * millisecond}}),
                        R"({"kind": "crash", "machines": ["worker-0"], "atSeconds": 0.3})"};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.tells("shard 0 stays where it is: a machine is out of reach"));
}

TEST_CASE("a shard that dies while it is copied ends the job") {
  test::small_world one{with({{.at = 200 * millisecond, .machine = head, .takes = 300 * millisecond}}),
                        R"({"kind": "crash", "machines": ["shard"], "atSeconds": 0.3})"};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::FAILED);
}

TEST_CASE("a coordinator that dies while a shard is copied leaves one to take over") {
  auto places = with({{.at = 200 * millisecond, .machine = head, .takes = 300 * millisecond}});
  places.takeovers = {{.dies_after = 300 * millisecond, .begins_after = 500 * millisecond}};
  test::small_world one{places};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.parameters() == undisturbed());
}

TEST_CASE("a shard that is in several places when its coordinator dies goes on from where it came furthest") {
  auto places = with({{.at = 100 * millisecond, .machine = head, .takes = 5 * millisecond},
                      {.at = 200 * millisecond, .machine = first_worker, .takes = 5 * millisecond},
                      {.at = 300 * millisecond, .machine = head, .takes = 300 * millisecond}});
  places.forgotten = 1;
  for (auto dies_after : {250, 350, 700}) {
    places.takeovers = {{.dies_after = dies_after * millisecond, .begins_after = 500 * millisecond}};
    test::small_world one{places};
    REQUIRE(one.world.run(1e6));
    CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
    CHECK(one.parameters() == undisturbed());
  }
}

TEST_CASE("a shard that moves there and back, again and again, costs no bits") {
  std::vector<sim::replacement::shard_move> moves;
  for (std::uint32_t i = 0; i < 20; ++i)
    moves.push_back({.at = (50 + 40 * i) * millisecond,
                     .machine = i % 2 == 0 ? head : shard_machine,
                     .takes = 5 * millisecond,
                     .fails = i % 5 == 4});
  test::small_world one{with(moves)};
  REQUIRE(one.world.run(1e6));
  CHECK(one.outcome() == messages::Summary::Outcome::COMPLETED);
  CHECK(one.parameters() == undisturbed());
}
