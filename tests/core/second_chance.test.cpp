#include "drover/actors/core/second_chance.hpp"

#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

using namespace drover;

namespace {

/// The algorithm as in a textbook, place by place.
struct plain_clock {
  std::vector<bool> used;
  std::size_t hand = 0;

  std::size_t give_up() {
    for (;;) {
      auto at = hand;
      hand = (hand + 1) % used.size();
      if (!used[at])
        return at;
      used[at] = false;
    }
  }
};

} // namespace

TEST_CASE("a clock that looks at 64 places at once gives up those that one of single places does") {
  for (std::size_t count : {1, 2, 63, 64, 65, 128, 200}) {
    CAPTURE(count);
    random_sequence draw(random_bits::key(count, "clock"));
    second_chance clock;
    plain_clock plain{std::vector<bool>(count)};
    for (std::size_t i = 0; i < count; ++i)
      clock.add();
    for (int step = 0; step < 2000; ++step) {
      for (auto uses = draw.below(2 * count); uses > 0; --uses) {
        auto position = draw.below(count);
        clock.use(position);
        plain.used[position] = true;
      }
      for (auto taken = draw.below(4); taken > 0; --taken)
        REQUIRE(clock.give_up() == plain.give_up());
      REQUIRE(clock.hand() == plain.hand);
    }
  }
}
