#include "drover/actors/sim/shared_cores.hpp"

#include <doctest/doctest.h>

#include <string>

namespace drover::sim {

using cores = shared_cores<std::string>;

TEST_CASE("work that has a core of its own takes as long as it is") {
  for (std::uint32_t count : {0u, 2u}) {
    cores on{count};
    CHECK_FALSE(on.next());
    on.begin(10, 100, "long");
    on.begin(20, 5, "short");
    CHECK(on.next() == 25);
    CHECK(on.take(25) == "short");
    CHECK(on.next() == 110);
    CHECK(on.take(110) == "long");
    CHECK_FALSE(on.next());
  }
}

TEST_CASE("work shares too few cores evenly") {
  cores on{1};
  on.begin(0, 100, "a");
  on.begin(0, 100, "b");
  on.begin(50, 25, "c"); // a and b have had 25 each
  CHECK(on.next() == 125);
  CHECK(on.take(125) == "c"); // they have had 50
  CHECK(on.next() == 225);
  CHECK(on.take(225) == "a");
  CHECK(on.next() == 225);
  CHECK(on.take(225) == "b");
}

TEST_CASE("two cores do three equal pieces in one and a half times their length") {
  cores on{2};
  for (const auto* name : {"a", "b", "c"})
    on.begin(0, 100, name);
  CHECK(on.next() == 150);
}

TEST_CASE("a pause makes all that is under way as much longer") {
  cores on{0};
  on.begin(0, 100, "a");
  on.pause(40);
  CHECK_FALSE(on.next());
  on.begin(50, 10, "b");
  on.resume(70);
  CHECK(on.next() == 80);
  CHECK(on.take(80) == "b");
  CHECK(on.next() == 130);
}

TEST_CASE("work that is cleared is not done") {
  cores on{1};
  on.begin(0, 100, "a");
  on.clear();
  CHECK_FALSE(on.next());
}

} // namespace drover::sim
