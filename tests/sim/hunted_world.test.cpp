#include "drover/actors/sim/hunted_world.hpp"

#include "drover/actors/sim/assign_members.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace drover;

namespace {

/// In how many of a hunt's first worlds something is so.
template <class Predicate>
int count_worlds(Predicate is_so) {
  constexpr std::uint64_t worlds = 300;
  int result = 0;
  for (std::uint64_t seed = 1; seed <= worlds; ++seed)
    result += is_so(sim::hunted_world::draw(seed, false)) ? 1 : 0;
  return result;
}

sim::member_machines places_of(const sim::hunted_world& drawn) {
  auto job = drawn.plan.job.read();
  return sim::assign_members(drawn.on, job->getWorkers(), job->getShards());
}

} // namespace

TEST_CASE("some hunted worlds are asked to stop, in some a shard dies, some may stall, and most just go on") {
  auto stopped = count_worlds([](const auto& drawn) { return drawn.stop.has_value(); });
  auto deadly = count_worlds([](const auto& drawn) { return !drawn.shard_deaths.empty(); });
  auto stalling = count_worlds([](const auto& drawn) { return drawn.may_stall; });
  CHECK(stopped > 30);
  CHECK(stopped < 90);
  CHECK(deadly > 5);
  CHECK(deadly < 30);
  CHECK(stalling > deadly);
  CHECK(stalling < 150);
}

TEST_CASE("hunted worlds have one rack or two, and machines with one member, with several, and with both kinds") {
  CHECK(count_worlds([](const auto& drawn) { return drawn.on.racks().size() == 1; }) > 100);
  CHECK(count_worlds([](const auto& drawn) { return drawn.on.racks().size() == 2; }) > 30);
  CHECK(count_worlds([](const auto& drawn) {
          auto workers = places_of(drawn).workers;
          return std::set(workers.begin(), workers.end()).size() < workers.size();
        }) > 20);
  CHECK(count_worlds([](const auto& drawn) {
          auto places = places_of(drawn);
          std::set<std::uint32_t> shards(places.shards.begin(), places.shards.end());
          return std::ranges::any_of(places.workers, [&](auto machine) { return shards.contains(machine); });
        }) > 20);
}

TEST_CASE("in some hunted worlds messages are late, and in some links are unreliable for a while") {
  auto late = count_worlds([](const auto& drawn) {
    return std::ranges::any_of(drawn.on.links(), [](const auto& one) { return one.chances.delay > 0; });
  });
  auto unreliable = count_worlds([](const auto& drawn) {
    return std::ranges::any_of(drawn.on.faults(),
                               [](const auto& one) { return one.kind == messages::FaultKind::UNRELIABLE_LINK; });
  });
  CHECK(late > 50);
  CHECK(late < 150);
  CHECK(unreliable > 50);
  CHECK(unreliable < 150);
}

TEST_CASE("in some hunted worlds workers are replaced, in some of those they move, or nodes are asked how they are") {
  auto replaced = count_worlds([](const auto& drawn) { return drawn.places.is_on; });
  CHECK(replaced > 80);
  CHECK(replaced < 160);
  CHECK(count_worlds([](const auto& drawn) { return drawn.finds_places; }) > 5);
  CHECK(count_worlds([](const auto& drawn) { return !drawn.places.moves.empty(); }) > 20);
  CHECK(count_worlds([](const auto& drawn) { return !drawn.places.leaves.empty(); }) > 20);
  CHECK(count_worlds([](const auto& drawn) { return drawn.places.look_interval > 0; }) > 40);
}

TEST_CASE("in some hunted worlds coordinators die, in some of those while they take over") {
  auto takeovers = [](const auto& drawn) { return drawn.places.takeovers.size(); };
  auto some = count_worlds([&](const auto& drawn) { return takeovers(drawn) > 0; });
  CHECK(some > 30);
  CHECK(some < 90);
  CHECK(count_worlds([](const auto& drawn) {
          const auto& list = drawn.places.takeovers;
          return list.size() > 1 && list[1].dies_after < sim::from_seconds(0.3);
        }) > 10);
}

TEST_CASE("in a hunted world without a death nothing but a short limit makes a stall right") {
  CHECK(count_worlds([](const auto& drawn) {
          auto is_patient = drawn.plan.job.read()->getStallSeconds() > 1000;
          return is_patient && (drawn.may_stall || !drawn.shard_deaths.empty());
        }) == 0);
}
