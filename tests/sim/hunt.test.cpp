#include "drover/actors/sim/hunt.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace drover;

namespace {

/// What is wrong with a world as its seed drew it when it was found: no coordinator died then, no shard moved, and
/// there were deaths.
std::string hunt_as_it_was(std::uint64_t seed, bool swarm) {
  auto drawn = sim::hunted_world::draw(seed, swarm, false);
  drawn.places.takeovers.clear();
  drawn.places.shard_moves.clear();
  drawn.places.leaves.clear();
  return sim::hunt(drawn, seed).sentence;
}

} // namespace

// Each of these once failed.
TEST_CASE("a change of members that is told again is the one that was told, whatever changed since (seed 30)") {
  CHECK(hunt_as_it_was(30, false) == "");
}

TEST_CASE("nobody joins behind where all members were, not even when all of them are gone (seed 167)") {
  CHECK(hunt_as_it_was(167, false) == "");
}

TEST_CASE("the farewell of workers that were taken for dead ends the job (seed 106)") {
  CHECK(hunt_as_it_was(106, false) == "");
}

TEST_CASE("a worker that was taken for dead and leaves with its work done needs no new place (seed 321)") {
  CHECK(hunt_as_it_was(321, false) == "");
}

TEST_CASE("a worker that asked to join once more, and had done its work before, may end (seed 41775)") {
  CHECK(hunt_as_it_was(41775, false) == "");
}

TEST_CASE("nodes that refuse a worker in turn do not keep another from being tried (seed 653)") {
  CHECK(hunt_as_it_was(653, false) == "");
}

TEST_CASE("a worker that was taken for dead may end after a stop (seed 269; with swarm 82)") {
  CHECK(hunt_as_it_was(269, false) == "");
  CHECK(hunt_as_it_was(82, true) == "");
}
