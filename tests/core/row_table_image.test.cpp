#include "drover/actors/core/row_table.hpp"
#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

using namespace drover;

namespace {

row_table table_of(const row_table_options& options) {
  return {options, [](std::uint64_t key, std::span<float> values) {
            std::ranges::fill(values, static_cast<float>(random_bits::mix(key) >> 40));
          }};
}

/// What a table is on its way to another process.
struct sent_table {
  row_table::image facts;
  std::vector<std::byte> bytes;
};

sent_table sent_by(const row_table& table) {
  sent_table result{.facts = table.facts(), .bytes = {}};
  for (auto piece : table.contents()) {
    REQUIRE(piece.size() % sizeof(float) == 0);
    result.bytes.insert(result.bytes.end(), piece.begin(), piece.end());
  }
  return result;
}

void go_on_with(const sent_table& sent, row_table& table) {
  REQUIRE(table.contents_bytes(sent.facts) == sent.bytes.size());
  const auto* from = sent.bytes.data();
  for (auto piece : table.prepare(sent.facts)) {
    REQUIRE(from + piece.size() <= sent.bytes.data() + sent.bytes.size());
    std::memcpy(piece.data(), from, piece.size());
    from += piece.size();
  }
  REQUIRE(from == sent.bytes.data() + sent.bytes.size());
  table.adopt();
}

/// One random call, the same for the same draws; a summary of what it did.
std::uint64_t random_call(row_table& table, std::uint64_t draw, std::size_t width, std::uint64_t keys) {
  auto key = draw / 8 % keys;
  if (draw % 8 < 3) {
    std::vector<float> values(width);
    table.read(key, values);
    std::uint64_t sum = 1;
    for (auto value : values)
      sum = random_bits::mix(sum + static_cast<std::uint64_t>(value));
    return sum;
  }
  auto row = table.update(key);
  if (!row)
    return 0;
  for (auto& value : row->values)
    value += 1;
  for (auto& value : row->state)
    value += 2;
  return random_bits::mix(++*row->updates + static_cast<std::uint64_t>(row->state.empty() ? 0 : row->state.back()));
}

/// The 64 bits at a place of what was sent.
std::uint64_t& word_of(sent_table& sent, std::size_t at) {
  return *reinterpret_cast<std::uint64_t*>(sent.bytes.data() + at);
}

} // namespace

TEST_CASE("a table that was sent to another process does there what it would have done here") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    random_sequence draw(random_bits::key(seed, "image"));
    row_table_options options{.width = 1 + draw.below(3),
                              .state_slots = draw.below(3),
                              .admit_after = 1 + seed % 3,
                              .bytes_max = seed % 2 == 0 ? 2000 + draw.below(60000) : 0};
    auto here = table_of(options);
    auto keys = 100 + draw.below(8000);
    for (auto calls = draw.below(20000); calls > 0; --calls)
      random_call(here, draw.next(), options.width, keys);
    auto there = table_of(options);
    random_call(there, 3, options.width, keys); // what it had is dropped
    go_on_with(sent_by(here), there);
    REQUIRE(there.size() == here.size());
    for (int step = 0; step < 30000; ++step) {
      auto call = draw.next();
      REQUIRE(random_call(here, call, options.width, keys) == random_call(there, call, options.width, keys));
      REQUIRE(there.evicted() == here.evicted());
      REQUIRE(there.refused() == here.refused());
    }
    auto end = sent_by(here);
    auto same = sent_by(there);
    CHECK(end.bytes == same.bytes);
    CHECK(end.facts.hand == same.facts.hand);
    CHECK(end.facts.waiting_hand == same.facts.waiting_hand);
  }
}

TEST_CASE("facts that no table can have are refused before any room is made") {
  auto table = table_of({.width = 2, .admit_after = 2, .bytes_max = 4000});
  random_call(table, 3, 2, 1);
  random_call(table, 3, 2, 1);
  REQUIRE(table.size() == 1);
  auto huge = ~std::uint64_t{0};
  CHECK_THROWS_WITH_AS((void)table.prepare({.rows = huge}),
                       doctest::Contains("the number of rows cannot be 18446744073709551615: at most "),
                       std::invalid_argument);
  CHECK_THROWS_AS((void)table.prepare({.waiting = huge}), std::invalid_argument);
  CHECK_THROWS_AS((void)table.prepare({.rows = 5, .hand = 1}), std::invalid_argument);
  CHECK_THROWS_AS((void)table.prepare({.rows = 5, .waiting_hand = 4000}), std::invalid_argument);
  CHECK(table.size() == 1);
  auto unlimited = table_of({});
  CHECK_THROWS_AS((void)unlimited.prepare({.rows = huge}), std::invalid_argument);
  CHECK_THROWS_AS((void)unlimited.prepare({.waiting = 1}), std::invalid_argument);
  CHECK_THROWS_AS((void)unlimited.prepare({.rows = 5, .hand = 4}), std::invalid_argument);
  CHECK(unlimited.contents_bytes({.rows = 1000}) == 24000);
}

TEST_CASE("contents that no table can hold are refused, and the table is empty then") {
  row_table_options options{.width = 2, .admit_after = 2, .bytes_max = 8000};
  auto here = table_of(options);
  for (std::uint64_t key = 1; key <= 10; ++key)
    for (int i = 0; i < (key <= 5 ? 2 : 1); ++i)
      static_cast<void>(here.update(key));
  auto sent = sent_by(here);
  // Five rows of 24 bytes, a word of bits, five waiting keys of 16 bytes: each is its key first.
  REQUIRE(sent.bytes.size() == 5 * 24 + 8 + 5 * 16);
  auto there = table_of(options);
  auto refused = [&](std::size_t at, std::uint64_t word, const char* why) {
    auto changed = sent;
    word_of(changed, at) = word;
    CHECK_THROWS_WITH_AS(go_on_with(changed, there), why, std::invalid_argument);
    CHECK(there.size() == 0);
    CHECK(there.facts().waiting == 0);
    CHECK(there.contents().empty());
  };
  refused(24, 1, "key 1 comes twice");
  refused(128, 7, "key 7 comes twice");
  refused(128, 3, "key 3 waits for a row, and has one");
  refused(136, 2, "key 6 waits after 2 updates, and is to be admitted at update 2");
  refused(136, 0, "key 6 waits after 0 updates, and is to be admitted at update 2");
  refused(120, 63, "more rows are marked as used than the 5 that come");
  go_on_with(sent, there);
  CHECK(there.size() == 5);
  CHECK(there.update(6).has_value());
}
