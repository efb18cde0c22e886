#include "drover/actors/core/clocks.hpp"

#include <doctest/doctest.h>

using drover::clock_table;

TEST_CASE("the smallest clock is that of the slowest member") {
  clock_table clocks;
  clocks.join(0, 0);
  clocks.join(1, 0);
  clocks.advance(1);
  CHECK(clocks.min() == 0);
  clocks.advance(0);
  CHECK(clocks.min() == 1);
}

TEST_CASE("a member that leaves no longer holds the clock back") {
  clock_table clocks;
  clocks.join(0, 0);
  clocks.join(1, 7);
  clocks.retire(0);
  CHECK(clocks.min() == 7);
  clocks.retire(1);
  CHECK(clocks.min() == clock_table::nobody);
}

TEST_CASE("those behind a clock are named in order") {
  clock_table clocks;
  clocks.join(4, 1);
  clocks.join(2, 3);
  clocks.join(3, 0);
  CHECK(clocks.behind(2) == std::vector<std::uint32_t>{3, 4});
  CHECK(clocks.behind(0).empty());
}
