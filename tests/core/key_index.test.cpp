#include "drover/actors/core/key_index.hpp"

#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

using namespace drover;

namespace {

/// An index and what it knows only by asking: the keys by position. Counts what is asked.
struct indexed_keys {
  key_index index;
  std::vector<std::uint64_t> keys;
  std::size_t asked = 0;

  auto key_of() {
    return [this](std::size_t position) {
      ++asked;
      return keys.at(position);
    };
  }
  std::size_t find(std::uint64_t key) { return index.find(key, key_of()); }
  void append(std::uint64_t key) {
    keys.push_back(key);
    index.insert(key, keys.size() - 1, key_of());
  }
  void remove(std::size_t position) {
    index.erase(position, key_of());
    if (position + 1 != keys.size()) {
      index.move(keys.size() - 1, position, key_of());
      keys[position] = keys.back();
    }
    keys.pop_back();
  }
};

} // namespace

TEST_CASE("an index finds what it was told through all that is put in, moved and taken out") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    CAPTURE(seed);
    random_sequence draw(random_bits::key(seed, "index"));
    indexed_keys all;
    std::map<std::uint64_t, bool> expected;
    // Grows, shrinks and grows again; few keys, so that they come back.
    for (int step = 0; step < 20000; ++step) {
      auto key = draw.below(6000);
      auto grows = step / 4000 % 2 == 0;
      auto position = all.find(key);
      REQUIRE((position != key_index::none) == expected.contains(key));
      if (position == key_index::none && (grows || draw.below(4) == 0)) {
        all.append(key);
        expected[key] = true;
      } else if (position != key_index::none && (!grows || draw.below(8) == 0)) {
        REQUIRE(all.keys[position] == key);
        all.remove(position);
        expected.erase(key);
      }
      REQUIRE(all.index.size() == expected.size());
    }
    for (std::uint64_t key = 0; key < 6000; ++key)
      REQUIRE((all.find(key) != key_index::none) == expected.contains(key));
  }
}

TEST_CASE("no insertion carries over more than a few slots, however large the index is when it grows") {
  indexed_keys all;
  std::size_t growths = 0;
  for (std::uint64_t key = 0; key < 200000; ++key) {
    auto bytes = all.index.bytes();
    all.asked = 0;
    all.append(key);
    REQUIRE(all.asked <= key_index::carried_slots_max);
    growths += all.index.bytes() > bytes ? 1 : 0;
    REQUIRE(all.index.bytes() <= key_index::bytes_max(all.keys.size()));
  }
  CHECK(growths >= 12);
}

TEST_CASE("an index that has grown is one again after a few more calls") {
  indexed_keys all;
  for (std::uint64_t key = 0; key <= 12; ++key)
    all.append(key);
  // 16 slots are full with 12: both are there.
  CHECK(all.index.bytes() == (16 + 32) * sizeof(std::uint32_t));
  all.index.carry(all.key_of());
  CHECK(all.index.bytes() == 32 * sizeof(std::uint32_t));
}

TEST_CASE("what is taken out while the index grows is found in neither half") {
  indexed_keys all;
  while (all.index.bytes() <= key_index::bytes_max(3 * 1024))
    all.append(all.keys.size());
  for (int i = 0; i < 50; ++i)
    all.index.carry(all.key_of()); // of 256 times that it takes
  auto had = all.keys.size();
  while (!all.keys.empty())
    all.remove(all.keys.size() - 1);
  for (std::uint64_t key = 0; key < had; ++key)
    REQUIRE(all.find(key) == key_index::none);
}

TEST_CASE("to look a key up asks for about one other, even where the index is full") {
  indexed_keys all;
  std::uint64_t full = 3 * 4096 / 4;
  for (std::uint64_t key = 0; key < full; ++key)
    all.append(key);
  all.asked = 0;
  for (std::uint64_t key = 0; key < full; ++key)
    REQUIRE(all.find(key) == key);
  CHECK(all.asked <= full + full / 100);
  all.asked = 0;
  for (std::uint64_t key = full; key < 2 * full; ++key)
    REQUIRE(all.find(key) == key_index::none);
  CHECK(all.asked <= full / 100);
}

TEST_CASE("an index for more positions than it can tell apart is refused") {
  CHECK_THROWS_WITH_AS(key_index(key_index::positions_max + 1),
                       "one part of a sparse table knows at most 1610612736 keys", std::length_error);
}
