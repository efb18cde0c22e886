#include "drover/actors/core/pulse.hpp"

#include <doctest/doctest.h>

using namespace drover;

TEST_CASE("who answers every second is given the shortest deadline, and is late after that") {
  pulse one{0};
  double now = 0;
  for (int i = 0; i < 30; ++i)
    one.hear(now += 1);
  CHECK(one.deadline() == pulse::deadline_min_seconds);
  CHECK_FALSE(one.is_late(now + pulse::deadline_min_seconds));
  CHECK(one.is_late(now + pulse::deadline_min_seconds + 0.1));
}

TEST_CASE("who answers unevenly is given longer, within bounds") {
  pulse uneven{0};
  double now = 0;
  for (int i = 0; i < 30; ++i)
    uneven.hear(now += i % 3 == 0 ? 4 : 1);
  CHECK(uneven.deadline() > 2 * pulse::deadline_min_seconds);
  CHECK_FALSE(uneven.is_late(now + 2 * pulse::deadline_min_seconds));
  pulse erratic{0};
  now = 0;
  for (int i = 0; i < 30; ++i)
    erratic.hear(now += i % 2 == 0 ? 100 : 1);
  CHECK(erratic.deadline() == pulse::deadline_max_seconds);
}

TEST_CASE("one long silence makes the next be waited for longer, until it is forgotten") {
  pulse one{0};
  double now = 0;
  for (int i = 0; i < 30; ++i)
    one.hear(now += 1);
  one.hear(now += 8);
  CHECK(one.deadline() > 8);
  for (int i = 0; i < 60; ++i)
    one.hear(now += 1);
  CHECK(one.deadline() == pulse::deadline_min_seconds);
}

TEST_CASE("a silence in which nobody listened counts neither as one nor for the deadline") {
  pulse one{0};
  one.hear(1);
  auto before = one.deadline();
  one.skip(96, 100);
  CHECK(one.silence(100) == doctest::Approx(3));
  CHECK_FALSE(one.is_late(101));
  CHECK(one.deadline() == before);
  one.skip(1000, 101);
  CHECK(one.silence(101) == 0);
}
