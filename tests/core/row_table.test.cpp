#include "drover/actors/core/row_table.hpp"

#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>
#include <vector>

using namespace drover;

namespace {

void initialize_row(std::uint64_t key, std::span<float> values) {
  auto sequence = random_bits::key(7, "row", key);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(random_bits::symmetric(random_bits::at(sequence, i)));
}

row_table make_table(const row_table_options& options) {
  return {options, initialize_row};
}

std::vector<float> initial_row(std::uint64_t key, std::size_t width) {
  std::vector<float> result(width);
  initialize_row(key, result);
  return result;
}

std::vector<float> read_row(row_table& table, std::uint64_t key, std::size_t width) {
  std::vector<float> result(width, -9.0f);
  table.read(key, result);
  return result;
}

/// Makes or uses the row of `key` and counts; whether there is one.
bool ask_for(row_table& table, std::uint64_t key) {
  auto row = table.update(key);
  if (row)
    ++*row->updates;
  return row.has_value();
}

bool has_row(const row_table& table, std::uint64_t key) {
  auto found = false;
  table.each([&](std::uint64_t one, std::span<const float>) { found = found || one == key; });
  return found;
}

} // namespace

TEST_CASE("what a row begins with depends on its key alone, and reading it makes none") {
  auto one = make_table({.width = 3});
  auto other = make_table({.width = 3});
  for (std::uint64_t key = 0; key < 100; ++key)
    CHECK(ask_for(other, 99 - key));
  for (std::uint64_t key : {std::uint64_t{0}, std::uint64_t{57}, ~std::uint64_t{0}}) {
    CHECK(read_row(one, key, 3) == initial_row(key, 3));
    CHECK(read_row(other, key, 3) == initial_row(key, 3));
  }
  CHECK(one.size() == 0);
  CHECK(other.size() == 100);
  auto made = one.update(57);
  REQUIRE(made);
  CHECK(std::vector<float>(made->values.begin(), made->values.end()) == initial_row(57, 3));
  CHECK(one.size() == 1);
}

TEST_CASE("a row keeps values, state and count apart from those beside it") {
  auto table = make_table({.width = 3, .state_slots = 2});
  for (std::uint64_t key = 0; key < 50; ++key) {
    auto row = table.update(key);
    REQUIRE(row);
    REQUIRE(row->values.size() == 3);
    REQUIRE(row->state.size() == 6);
    CHECK(*row->updates == 0);
    for (auto one : row->state)
      CHECK(one == 0.0f);
    std::ranges::fill(row->values, static_cast<float>(key));
    std::ranges::fill(row->state, -static_cast<float>(key));
    *row->updates = 1000 + key;
  }
  for (std::uint64_t key = 0; key < 50; ++key) {
    auto row = table.update(key);
    REQUIRE(row);
    for (auto one : row->values)
      CHECK(one == static_cast<float>(key));
    for (auto one : row->state)
      CHECK(one == -static_cast<float>(key));
    CHECK(*row->updates == 1000 + key);
  }
}

TEST_CASE("a table that grows holds what a map of rows holds") {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    CAPTURE(seed);
    random_sequence draw(random_bits::key(seed, "table"));
    std::size_t width = 1 + draw.below(5);
    auto table = make_table({.width = width, .state_slots = draw.below(3)});
    std::map<std::uint64_t, std::vector<float>> expected;
    auto keys = std::uint64_t{1} << (6 + 2 * seed);
    for (int step = 0; step < 40000; ++step) {
      // Half of the keys are close together, half are anywhere.
      auto key = draw.below(keys);
      if (key % 2 == 0)
        key = random_bits::mix(key);
      auto known = expected.find(key);
      if (draw.below(3) == 0) {
        REQUIRE(read_row(table, key, width) == (known == expected.end() ? initial_row(key, width) : known->second));
        continue;
      }
      auto& values = expected.try_emplace(key, initial_row(key, width)).first->second;
      auto row = table.update(key);
      REQUIRE(row);
      for (std::size_t i = 0; i < width; ++i)
        values[i] += row->values[i] = row->values[i] + static_cast<float>(step);
      std::ranges::copy(values, row->values.begin());
      REQUIRE(table.size() == expected.size());
    }
    std::map<std::uint64_t, std::vector<float>> found;
    table.each([&](std::uint64_t key, std::span<const float> values) {
      CHECK(found.emplace(key, std::vector<float>(values.begin(), values.end())).second);
    });
    CHECK(found == expected);
  }
}

TEST_CASE("rows stay where they are while the table grows") {
  auto table = make_table({.width = 2, .state_slots = 1});
  std::vector<const float*> places;
  for (std::uint64_t key = 0; key < 50000; ++key)
    places.push_back(table.update(key)->values.data());
  for (std::uint64_t key = 0; key < 50000; ++key)
    REQUIRE(table.update(key)->values.data() == places[key]);
}

TEST_CASE("a row of one float costs 24 bytes and its share of the index") {
  auto table = make_table({});
  for (std::uint64_t key = 0; key < 3 << 16; ++key)
    CHECK(ask_for(table, key));
  // 2^18 slots of 4 bytes, three quarters full; the chunks' own pointers and the last chunk's rest are the slack.
  CHECK(table.bytes() <= table.size() * 24 + (4 << 18) + (200 << 10));
  CHECK(static_cast<double>(table.bytes()) / static_cast<double>(table.size()) < 30.5);
}

TEST_CASE("a prefetch makes no row and is no use of one") {
  auto table = make_table({.width = 2, .bytes_max = 3000});
  std::uint64_t key = 0;
  while (table.evicted() == 0)
    CHECK(ask_for(table, key++));
  auto size = table.size();
  std::vector<std::uint64_t> next{1, 2, 99999}; // two whose turn it is, and one that is not there
  table.prefetch(next);
  CHECK(table.size() == size);
  CHECK(ask_for(table, key++));
  CHECK(ask_for(table, key++));
  CHECK(!has_row(table, 1));
  CHECK(!has_row(table, 2));
}

TEST_CASE("a row is made at the update that admits its key, and those before are counted") {
  auto table = make_table({.admit_after = 3});
  for (int i = 0; i < 5; ++i)
    CHECK(read_row(table, 8, 1) == initial_row(8, 1)); // which is no update
  CHECK(!ask_for(table, 8));
  CHECK(!ask_for(table, 9));
  CHECK(!ask_for(table, 8));
  CHECK(table.size() == 0);
  CHECK(table.refused() == 3);
  CHECK(ask_for(table, 8));
  CHECK(ask_for(table, 8));
  CHECK(!ask_for(table, 9));
  CHECK(ask_for(table, 9));
  CHECK(table.size() == 2);
  CHECK(table.refused() == 4);
  CHECK(table.facts().waiting == 0);
}

TEST_CASE("keys are admitted as a map counts them") {
  random_sequence draw(random_bits::key(3, "admission"));
  auto table = make_table({.admit_after = 4});
  std::map<std::uint64_t, int> counts;
  for (int step = 0; step < 30000; ++step) {
    auto key = draw.below(8000);
    REQUIRE(ask_for(table, key) == (++counts[key] >= 4));
  }
}

TEST_CASE("within a limit of bytes rows that were used lately stay, and others are forgotten for new ones") {
  constexpr std::size_t limit = 40000;
  auto table = make_table({.width = 4, .bytes_max = limit});
  std::uint64_t key = 0;
  while (table.evicted() == 0) {
    CHECK(ask_for(table, key++));
    REQUIRE(table.bytes() <= limit);
  }
  auto rows = table.size();
  CHECK(rows * (16 + 16) >= limit / 2);
  CHECK(!has_row(table, 0)); // none was used again, and this was the first
  for (std::uint64_t used = 1; used <= 8; ++used)
    CHECK(ask_for(table, used));
  for (std::uint64_t i = 0; i < 10 * rows; ++i) {
    // 1 to 8 are updated or read all the time, and nothing else is.
    if (i % 2 == 0)
      CHECK(ask_for(table, 1 + i / 2 % 4));
    else
      static_cast<void>(read_row(table, 5 + i / 2 % 4, 4));
    CHECK(ask_for(table, key++));
    REQUIRE(table.size() == rows);
    REQUIRE(table.bytes() <= limit);
  }
  for (std::uint64_t used = 1; used <= 8; ++used)
    CHECK(has_row(table, used));
  CHECK(!has_row(table, 9));
  CHECK(table.evicted() == key - rows);
  CHECK(*table.update(1)->updates > 1);
}

TEST_CASE("a row that was forgotten begins anew where it is asked for again") {
  auto table = make_table({.width = 1, .state_slots = 1, .bytes_max = 1});
  auto before = table.update(1);
  before->values[0] = 5;
  before->state[0] = 6;
  *before->updates = 7;
  CHECK(read_row(table, 1, 1)[0] == 5);
  CHECK(ask_for(table, 2)); // one row is there always, and no more
  CHECK(table.size() == 1);
  CHECK(read_row(table, 1, 1) == initial_row(1, 1));
  auto after = table.update(1);
  CHECK(after->values[0] == initial_row(1, 1)[0]);
  CHECK(after->state[0] == 0);
  CHECK(*after->updates == 0);
  CHECK(table.evicted() == 2);
}

TEST_CASE("tables of any limit keep to it with rows that come and go, and with keys that wait") {
  for (std::size_t limit : {1000, 3000, 100000, 1000000})
    for (std::uint64_t admit_after : {1, 3}) {
      CAPTURE(limit);
      CAPTURE(admit_after);
      random_sequence draw(random_bits::key(limit, "limit"));
      auto table = make_table({.width = 2, .admit_after = admit_after, .bytes_max = limit});
      for (int step = 0; step < 60000; ++step) {
        // Half of the keys come often enough at once to be admitted.
        auto key = draw.below(limit);
        for (std::uint64_t asks = step % 2 == 0 ? admit_after : 1; asks > 0; --asks)
          static_cast<void>(ask_for(table, key));
        REQUIRE(table.bytes() <= limit);
      }
      CHECK(table.bytes() > limit / 3);
      CHECK(table.evicted() > 0);
    }
}

TEST_CASE("keys that wait are forgotten for others, and never a row for them") {
  auto table = make_table({.admit_after = 2, .bytes_max = 4000});
  CHECK(!ask_for(table, 1));
  CHECK(ask_for(table, 1));
  for (std::uint64_t key = 100; key < 10000; ++key)
    CHECK(!ask_for(table, key));
  CHECK(table.size() == 1);
  CHECK(table.evicted() == 0);
  CHECK(table.bytes() <= 4000);
  CHECK(!ask_for(table, 100)); // was forgotten
  CHECK(ask_for(table, 9999)); // still waits
}

TEST_CASE("a table that cannot be is refused with a sentence") {
  CHECK_THROWS_WITH_AS(make_table({.width = 0}),
                       "a row of 0 floats with 0 of state for each cannot be: 1 to 16777216 floats in all are allowed",
                       std::invalid_argument);
  CHECK_THROWS_AS(make_table({.width = std::size_t{1} << 60, .state_slots = 16}), std::invalid_argument);
  CHECK_THROWS_AS(make_table({.width = 1, .state_slots = ~std::size_t{0}}), std::invalid_argument);
  CHECK_THROWS_WITH_AS(make_table({.admit_after = 0}), "a row cannot be made at update 0 of its key: 1 is the first",
                       std::invalid_argument);
}
