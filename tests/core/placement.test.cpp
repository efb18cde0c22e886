#include "drover/actors/core/placement.hpp"

#include <doctest/doctest.h>

#include "tests/core/jobs.hpp"
#include <algorithm>
#include <stdexcept>
#include <vector>

using namespace drover;

TEST_CASE("blocks are balanced by size and every shard gets one") {
  parameter_layout layout{test::tensors_of({10, 1000, 20, 500, 400, 30, 90})};
  auto places = place_blocks(layout, 2);
  std::vector<std::size_t> load(2);
  for (std::size_t i = 0; i < places.size(); ++i)
    load.at(places[i]) += layout.blocks()[i].size;
  CHECK(std::ranges::max(load) <= 1030);
  CHECK(places == place_blocks(layout, 2));
  auto many = place_blocks(layout, 7);
  std::ranges::sort(many);
  CHECK(std::ranges::adjacent_find(many) == many.end());
}

TEST_CASE("more shards than blocks are refused with both numbers") {
  CHECK_THROWS_WITH_AS((void)test::plan_of({.shards = 3}, test::tensors_of({5, 5}), 1),
                       doctest::Contains("3 are too many: the model has 2 blocks"), std::invalid_argument);
}
