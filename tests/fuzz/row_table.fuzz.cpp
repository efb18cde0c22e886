#include "drover/actors/core/row_table.hpp"

#include "drover/models/random.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/mangle.hpp"
#include "tests/fuzz/target.hpp"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <vector>

using namespace drover;

namespace {

// A table's image of more than this is not written: facts alone ask for it, and whoever sends it has to send it whole.
constexpr std::uint64_t image_bytes_max = 1 << 16;

void demand(bool holds) {
  if (!holds)
    std::abort();
}

row_table_options take_options(fuzz::input& in) {
  auto shape = in.take<std::uint8_t>();
  auto limit = in.take<std::uint16_t>();
  return {.width = 1 + shape % 4u,
          .state_slots = shape / 4 % 3u,
          .admit_after = 1 + shape / 12 % 3u,
          .bytes_max = shape / 36 % 2 == 0 ? 0u : limit};
}

row_table make_table(const row_table_options& options) {
  return {options, [](std::uint64_t key, std::span<float> values) {
            std::ranges::fill(values, static_cast<float>(random_bits::mix(key) >> 40));
          }};
}

// Calls with few keys, so that rows are made, wait and are forgotten.
void use(row_table& table, std::size_t width, fuzz::input& in) {
  std::vector<float> values(width);
  for (auto calls = in.take<std::uint8_t>(); calls > 0 && !in.empty(); --calls) {
    std::uint64_t key = in.take<std::uint8_t>();
    if (key % 4 == 0) {
      table.read(key, values);
    } else if (auto row = table.update(key)) {
      std::ranges::fill(row->values, static_cast<float>(++*row->updates));
      std::ranges::fill(row->state, 1.0f);
    }
  }
}

struct image {
  row_table::image facts;
  std::vector<std::byte> bytes;

  bool operator==(const image& other) const {
    auto words = [](const row_table::image& of) {
      return std::vector{of.rows, of.waiting, of.hand, of.waiting_hand, of.evicted, of.refused};
    };
    return words(facts) == words(other.facts) && bytes == other.bytes;
  }
};

image image_of(const row_table& table) {
  image result{.facts = table.facts(), .bytes = {}};
  for (auto piece : table.contents())
    result.bytes.insert(result.bytes.end(), piece.begin(), piece.end());
  return result;
}

// Other facts and other bytes, as an image from outside may have them.
void change(image& what, fuzz::input& in) {
  auto which = in.take<std::uint8_t>();
  std::uint64_t* facts[] = {&what.facts.rows,         &what.facts.waiting, &what.facts.hand,
                            &what.facts.waiting_hand, &what.facts.evicted, &what.facts.refused};
  for (unsigned i = 0; i < std::size(facts); ++i)
    if ((which >> i) % 2 != 0)
      *facts[i] = in.take_count();
}

// Whether the table takes it over.
bool adopt(row_table& table, image& what, fuzz::input& in) {
  try {
    auto bytes = table.contents_bytes(what.facts);
    if (bytes > image_bytes_max)
      return false;
    what.bytes.resize(bytes);
    if (bytes > 0)
      fuzz::mangle(std::span{what.bytes}, in);
    const auto* from = what.bytes.data();
    for (auto room : table.prepare(what.facts)) {
      demand(room.size() <= bytes && room.size() % sizeof(float) == 0);
      std::memcpy(room.data(), from, room.size());
      from += room.size();
      bytes -= room.size();
    }
    demand(bytes == 0);
  } catch (const std::invalid_argument& refusal) {
    demand(*refusal.what() != 0);
    return false;
  }
  try {
    table.adopt();
    return true;
  } catch (const std::invalid_argument& refusal) {
    demand(*refusal.what() != 0 && table.size() == 0 && image_of(table).bytes.empty());
    return false;
  }
}

// What it visits it finds by key.
void check_rows(row_table& table, std::size_t width) {
  std::vector<std::uint64_t> keys;
  std::vector<float> rows;
  table.each([&](std::uint64_t key, std::span<const float> values) {
    keys.push_back(key);
    rows.insert(rows.end(), values.begin(), values.end());
  });
  demand(keys.size() == table.size());
  std::vector<float> values(width);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    table.read(keys[i], values);
    // By their bits: some are no numbers.
    demand(std::memcmp(values.data(), rows.data() + i * width, width * sizeof(float)) == 0);
  }
}

} // namespace

// Three bytes choose a table; then calls that fill it, changes of its image, and calls to whoever takes that over.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  auto options = take_options(in);
  auto here = make_table(options);
  use(here, options.width, in);
  auto sent = image_of(here);
  change(sent, in);
  auto there = make_table(options);
  if (adopt(there, sent, in)) {
    demand(image_of(there) == sent);
    check_rows(there, options.width);
  }
  use(there, options.width, in);
  check_rows(there, options.width);
  return 0;
}

std::vector<std::string> fuzz::seeds() {
  using namespace std::string_literals;
  auto calls = "\x10\1\2\3\1\2\3\4\5\6\7\1\2\3\5\x09\x0a"s;
  std::vector<std::string> result;
  for (int shape = 0; shape < 72; shape += 5) {
    auto table = static_cast<char>(shape) + "\0\4"s;
    result.push_back(table + calls + "\0\0"s + calls);
    result.push_back(table + calls + "\0\1\0\0\1"s + calls);
    result.push_back(table + calls + "\3\5\3\0"s + calls);
  }
  return result;
}
