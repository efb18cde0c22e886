#include "drover/actors/core/node_roster.hpp"

#include "drover/actors/core/latest_copy.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <vector>

using namespace drover;

namespace {

using number = node_roster::number;

/// Looks once a second; all but the silent answer at once.
void pass(node_roster& nodes, double from, double to, const std::set<number>& silent = {},
          std::vector<node_roster::silence>* suspected = nullptr) {
  for (auto now = from; now <= to; ++now) {
    auto looked = nodes.look(now);
    for (auto node : looked.ask)
      if (!silent.contains(node))
        nodes.hear(node, now);
    if (suspected)
      suspected->insert(suspected->end(), looked.silent.begin(), looked.silent.end());
  }
}

} // namespace

TEST_CASE("a member goes to the node with the fewest, and of those to the one that came first") {
  node_roster nodes;
  auto a = nodes.add(0);
  auto b = nodes.add(0);
  CHECK(nodes.emptiest() == a);
  auto first = nodes.begin(a, std::nullopt);
  CHECK(nodes.emptiest() == b);
  nodes.begin(b, 0);
  nodes.begin(b, std::nullopt);
  CHECK(nodes.emptiest() == a);
  nodes.end(first);
  nodes.end(first);
  CHECK(nodes.members(a) == 0);
  CHECK(nodes.emptiest("cpu", {a}) == b);
  CHECK_FALSE(nodes.emptiest("cpu", {a, b}));
}

TEST_CASE("a node that refused a member is tried after all others, until it has started one") {
  node_roster nodes;
  auto a = nodes.add(0);
  auto b = nodes.add(0);
  nodes.begin(b, std::nullopt);
  nodes.refuse(nodes.begin(a, std::nullopt));
  CHECK(nodes.members(a) == 0);
  CHECK(nodes.emptiest() == b);
  CHECK(nodes.emptiest("cpu", {b}) == a);
  // However often two of them refuse, the third is tried.
  auto c = nodes.add(0);
  for (int i = 0; i < 3; ++i)
    nodes.begin(c, std::nullopt);
  nodes.refuse(nodes.begin(b, std::nullopt));
  CHECK(nodes.emptiest() == c);
  CHECK(nodes.emptiest("cpu", {c}) == a);
  nodes.start(nodes.begin(a, std::nullopt));
  CHECK(nodes.emptiest() == a);
}

TEST_CASE("a member that needs a device goes only where it is, a processor is everywhere") {
  node_roster nodes;
  auto plain = nodes.add(0, {"cpu"});
  auto gpu = nodes.add(0, {"cpu", "cuda:0", "cuda:1"});
  for (const auto* device : {"cuda", "cuda:0", "cuda:1"})
    CHECK(nodes.emptiest(device) == gpu);
  CHECK_FALSE(nodes.emptiest("cuda:2"));
  CHECK(nodes.emptiest("cpu") == plain);
  CHECK(nodes.emptiest("auto") == plain);
  CHECK_FALSE(nodes.has_device(plain, "cuda"));
}

TEST_CASE("who does not answer in time is suspected, gets no members and loses its workers, until it is heard of") {
  node_roster nodes;
  auto good = nodes.add(0);
  auto bad = nodes.add(0);
  nodes.begin(bad, 7);
  auto worker = nodes.begin(bad, std::nullopt);
  std::vector<node_roster::silence> suspected;
  pass(nodes, 1, 20, {}, &suspected);
  CHECK(suspected.empty());
  pass(nodes, 21, 25, {bad}, &suspected);
  CHECK(suspected.empty());
  pass(nodes, 26, 40, {bad}, &suspected);
  REQUIRE(suspected.size() == 1);
  CHECK(suspected[0].node == bad);
  CHECK(suspected[0].seconds > suspected[0].allowed);
  CHECK(suspected[0].allowed == pulse::deadline_min_seconds);
  CHECK(nodes.members(bad) == 1);
  CHECK(nodes.shards(bad) == std::set<std::uint32_t>{7});
  CHECK_FALSE(nodes.takes_members(bad));
  nodes.begin(good, std::nullopt);
  nodes.begin(good, std::nullopt);
  CHECK(nodes.emptiest() == good);
  // What ends there afterwards was given up already.
  nodes.end(worker);
  CHECK(nodes.members(bad) == 1);
  CHECK(nodes.hear(bad, 41) == doctest::Approx(21));
  CHECK_FALSE(nodes.hear(bad, 42));
  CHECK(nodes.emptiest() == bad);
}

TEST_CASE("nobody is suspected by who stood still itself, however often") {
  node_roster nodes;
  auto node = nodes.add(0);
  std::vector<node_roster::silence> suspected;
  pass(nodes, 1, 10, {}, &suspected);
  // It looks once in four seconds, and listens for one of them.
  for (double now = 14; now < 24; now += 4)
    pass(nodes, now, now, {node}, &suspected);
  CHECK(suspected.empty());
  pass(nodes, 25, 40, {node}, &suspected);
  CHECK(suspected.size() == 1);
}

TEST_CASE("a node that was asked is not asked again before it answered, or the question came back") {
  node_roster nodes;
  auto node = nodes.add(0);
  CHECK(nodes.look(1).ask == std::vector{node});
  CHECK(nodes.look(2).ask.empty());
  nodes.not_heard(node);
  CHECK(nodes.look(3).ask == std::vector{node});
  nodes.hear(node, 3);
  CHECK(nodes.look(4).ask == std::vector{node});
}

TEST_CASE("workers make room for a node that joins, shards do not, and nobody moves for a difference of one") {
  node_roster nodes;
  auto full = nodes.add(0);
  auto shards = nodes.add(0);
  auto joined = nodes.add(0);
  for (std::uint32_t i = 0; i < 4; ++i)
    nodes.begin(shards, i);
  for (int i = 0; i < 3; ++i)
    nodes.begin(full, std::nullopt);
  nodes.begin(full, 4);
  auto moves = nodes.make_room(joined);
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].node == full);
  CHECK(moves[0].workers == 2);
  nodes.begin(joined, std::nullopt);
  nodes.begin(joined, std::nullopt);
  nodes.begin(joined, std::nullopt);
  CHECK(nodes.make_room(joined).empty());
  nodes.begin_leaving(joined);
  CHECK(nodes.make_room(joined).empty());
}

TEST_CASE("a node that leaves gets no members, and its shards are its own until they are elsewhere") {
  node_roster nodes;
  auto leaving = nodes.add(0);
  auto other = nodes.add(0);
  nodes.begin(leaving, 1);
  nodes.begin(leaving, 2);
  for (int i = 0; i < 3; ++i)
    nodes.begin(other, std::nullopt);
  nodes.begin_leaving(leaving);
  CHECK(nodes.emptiest() == other);
  nodes.forget_shard(leaving, 1);
  CHECK(nodes.shards(leaving) == std::set<std::uint32_t>{2});
  CHECK(nodes.members(leaving) == 2);
  nodes.stay(leaving);
  CHECK(nodes.emptiest() == leaving);
  nodes.remove(leaving);
  CHECK(nodes.count() == 1);
  CHECK(nodes.emptiest() == other);
  CHECK(nodes.add(0) != leaving);
}

TEST_CASE("of several copies of a shard the one that came furthest goes on, and none that is not complete") {
  std::vector<std::optional<copy_age>> copies{copy_age{2, 90}, std::nullopt, copy_age{3, 80}, copy_age{3, 81}};
  CHECK(latest_copy(copies) == 3);
  copies.pop_back();
  CHECK(latest_copy(copies) == 2);
  CHECK_FALSE(latest_copy(std::vector<std::optional<copy_age>>{std::nullopt}));
  CHECK_FALSE(latest_copy({}));
}
