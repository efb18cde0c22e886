#include "drover/actors/sim/assign_members.hpp"

#include <doctest/doctest.h>

#include "tests/sim/refusal.hpp"
#include <algorithm>
#include <vector>

using drover::address;
using drover::sim::assign_members;
using drover::sim::cluster;

namespace {

using indices = std::vector<std::uint32_t>;

cluster servers_and_workers() {
  return cluster::from_json("c.json", R"({"machines": [
    {"name": "server", "count": 2, "shards": 2, "hostsWorkers": false},
    {"name": "big", "shards": 0}, {"name": "small", "shards": 0, "workers": 2}]})");
}

} // namespace

TEST_CASE("members go round the machines that may host them") {
  auto placed = assign_members(servers_and_workers(), 7, 3);
  CHECK(placed.coordinator == 0);
  CHECK(placed.shards == indices{0, 1, 0});
  CHECK(placed.workers == indices{2, 3, 2, 3, 2, 2, 2});
  CHECK(placed.of({address::role::worker, 1}) == 3);
  CHECK(placed.of({address::role::shard, 1}) == 1);
  CHECK(placed.of({}) == 0);
}

TEST_CASE("a job that is smaller than the cluster is in all of its racks") {
  auto placed = assign_members(cluster::preset("geo"), 6, 3);
  CHECK(placed.shards == indices{0, 8, 16});
  CHECK(placed.workers == indices{0, 8, 16, 1, 9, 17});
}

TEST_CASE("ten thousand workers are spread evenly") {
  auto rack = cluster::preset("10gbe-rack");
  auto placed = assign_members(rack, 10'000, 16);
  for (std::uint32_t i = 0; i < rack.machines().size(); ++i)
    CHECK(std::ranges::count(placed.workers, i) == 625);
}

TEST_CASE("more members than the machines hold are refused") {
  CHECK(
      refusal([] { (void)assign_members(servers_and_workers(), 1, 5); }) ==
      "c.json, line 1: machines hold 4 shards, and 5 are asked for: more machines, or a larger `shards` of the groups, "
      "would hold them");
  auto one = cluster::from_json("c.json", R"({"machines": [{"name": "a", "count": 3, "workers": 1}]})");
  CHECK(refusal([&one] {
          (void)assign_members(one, 4, 1);
        }).starts_with("c.json, line 1: machines hold 3 workers, and 4"));
  CHECK(assign_members(one, 3, 3).workers == indices{0, 1, 2});
}
