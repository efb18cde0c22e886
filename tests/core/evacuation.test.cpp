#include "drover/actors/core/evacuation.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <variant>

using namespace drover;

namespace {

struct three_nodes {
  node_roster nodes;
  node_roster::number a = nodes.add(0);
  node_roster::number b = nodes.add(0);
  node_roster::number c = nodes.add(0);
  evacuation leaving{nodes};
};

template <class T>
T as(const evacuation::step& what) {
  REQUIRE(std::holds_alternative<T>(what));
  return std::get<T>(what);
}

bool is_nothing(const evacuation::step& what) {
  return std::holds_alternative<std::monostate>(what);
}

} // namespace

TEST_CASE("a node that leaves hands its shards to the emptiest others, one after the other, and is gone") {
  three_nodes on;
  on.nodes.begin(on.a, 0);
  on.nodes.begin(on.a, 1);
  on.nodes.begin(on.b, std::nullopt);
  auto first = as<evacuation::move>(on.leaving.leave(on.a));
  CHECK(first.from == on.a);
  CHECK(first.shard == 0);
  CHECK(first.to == on.c);
  on.nodes.begin(on.c, 0);
  on.nodes.begin(on.c, std::nullopt);
  auto second = as<evacuation::move>(on.leaving.moved());
  CHECK(second.shard == 1);
  CHECK(second.to == on.b);
  on.nodes.begin(on.b, 1);
  CHECK(as<evacuation::departure>(on.leaving.moved()).node == on.a);
  CHECK_FALSE(on.nodes.contains(on.a));
  CHECK(is_nothing(on.leaving.next()));
}

TEST_CASE("a shard that one node cannot have goes to another, and where none can, its node stays and says why") {
  three_nodes on;
  auto held = on.nodes.begin(on.a, 0);
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).to == on.b);
  CHECK(as<evacuation::move>(on.leaving.not_moved("b is full")).to == on.c);
  auto stays = as<evacuation::stay>(on.leaving.not_moved("c is full"));
  CHECK(stays.node == on.a);
  CHECK(stays.why == "c is full");
  CHECK(on.nodes.takes_members(on.a));
  CHECK(on.nodes.shards(on.a).size() == 1);
  // It may try again, and all of them.
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).to == on.b);
  on.nodes.end(held);
}

TEST_CASE("a shard whose coordinator does not let it go is not offered to others") {
  three_nodes on;
  on.nodes.begin(on.a, 0);
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).to == on.b);
  on.nodes.begin(on.b, 0);
  CHECK(as<evacuation::stay>(on.leaving.refused("not now")).why == "not now");
  CHECK(on.nodes.shards(on.b).empty());
  CHECK(is_nothing(on.leaving.next()));
}

TEST_CASE("nodes leave one after the other, and not to each other") {
  three_nodes on;
  on.nodes.begin(on.a, 0);
  on.nodes.begin(on.b, 1);
  for (int i = 0; i < 5; ++i)
    on.nodes.begin(on.c, std::nullopt);
  // Both know of it before the first shard is where it was to go.
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).to == on.b);
  CHECK(is_nothing(on.leaving.leave(on.b)));
  on.nodes.begin(on.b, 0);
  CHECK(as<evacuation::departure>(on.leaving.moved()).node == on.a);
  auto next = as<evacuation::move>(on.leaving.next());
  CHECK(next.from == on.b);
  CHECK(next.to == on.c);
  CHECK(as<evacuation::move>(on.leaving.moved()).shard == 1);
  CHECK(as<evacuation::departure>(on.leaving.moved()).node == on.b);
  // Somebody has to stay.
  CHECK(as<evacuation::stay>(on.leaving.leave(on.c)).why == "this is its only node");
}

TEST_CASE("a node that is gone before its shards have moved is not waited for") {
  three_nodes on;
  on.nodes.begin(on.a, 0);
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).shard == 0);
  CHECK(is_nothing(on.leaving.leave(on.b)));
  on.nodes.remove(on.a);
  CHECK(as<evacuation::departure>(on.leaving.refused("it went away")).node == on.b);
}

TEST_CASE("what one node's shard was refused does not count for the next node's") {
  three_nodes on;
  on.nodes.begin(on.a, 0);
  on.nodes.begin(on.c, 1);
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).to == on.b);
  CHECK(is_nothing(on.leaving.leave(on.c)));
  CHECK(as<evacuation::stay>(on.leaving.not_moved("b is full")).node == on.a);
  CHECK(as<evacuation::move>(on.leaving.next()).to == on.b);
  on.nodes.remove(on.c);
  CHECK(is_nothing(on.leaving.not_moved("b is full")));
  CHECK(as<evacuation::move>(on.leaving.leave(on.a)).to == on.b);
}
