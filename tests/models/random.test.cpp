#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <vector>

namespace drover {

TEST_CASE("keys differ with each of their parts") {
  using random_bits::key;
  std::set<std::uint64_t> keys = {key(1, "a"),       key(2, "a"),    key(1, "b"),      key(1, "a", 1),
                                  key(1, "a", 0, 1), key(1, "a", 2), key(1, "a", 1, 1)};
  CHECK(keys.size() == 7);
  CHECK(key(1, "a") == key(1, "a"));
}

TEST_CASE("the bits never change: they decide how saved runs replay") {
  // SplitMix64's published first outputs for a state of 0.
  CHECK(random_bits::at(0, 0) == 0xe220a8397b1dcdaf);
  CHECK(random_bits::at(0, 1) == 0x6e789e6aa1b965f4);
}

TEST_CASE("draws below a bound are uniform") {
  random_sequence random(7);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i)
    ++counts.at(random.below(7));
  for (auto count : counts)
    CHECK(std::abs(count - 10'000) < 500); // five standard deviations
  CHECK(random.below(1) == 0);
}

TEST_CASE("normal draws have mean 0 and deviation 1, symmetric ones stay within their range") {
  double sum = 0, squares = 0, lowest = 0, highest = 0;
  constexpr int count = 100'000;
  for (std::uint64_t i = 0; i < count; ++i) {
    auto value = random_bits::normal(random_bits::at(9, i));
    sum += value;
    squares += value * value;
    auto other = random_bits::symmetric(random_bits::at(10, i));
    lowest = std::min(lowest, other);
    highest = std::max(highest, other);
  }
  CHECK(std::abs(sum / count) < 0.015);
  CHECK(std::abs(squares / count - 1) < 0.02);
  CHECK(lowest >= -1);
  CHECK(lowest < -0.99);
  CHECK(highest < 1);
  CHECK(highest > 0.99);
}

} // namespace drover
