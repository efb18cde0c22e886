#include "drover/actors/core/row_table.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

// Of the limit of bytes, where keys have to be admitted: to wait costs a key 16 bytes and its share of the index.
constexpr std::size_t waiting_share = 8;

const row_table_options& checked(const row_table_options& options) {
  if (options.width == 0 || options.width > keyed_rows::floats_max ||
      options.state_slots >= keyed_rows::floats_max / options.width)
    throw std::invalid_argument("a row of " + std::to_string(options.width) + " floats with " +
                                std::to_string(options.state_slots) + " of state for each cannot be: 1 to " +
                                std::to_string(keyed_rows::floats_max) + " floats in all are allowed");
  if (options.admit_after == 0)
    throw std::invalid_argument("a row cannot be made at update 0 of its key: 1 is the first");
  return options;
}

std::size_t floats_of(const row_table_options& options) {
  return options.width * (1 + options.state_slots);
}

/// The most rows for which `bytes_of(rows)`, which grows with them, is within `bytes_max`; at least one.
template <class BytesOf>
std::size_t rows_within(std::size_t bytes_max, BytesOf bytes_of) {
  std::size_t fits = 1;
  auto too_many = std::min(bytes_max / sizeof(float), key_index::positions_max) + 1;
  while (fits + 1 < too_many) {
    auto middle = fits + (too_many - fits) / 2;
    (bytes_of(middle) <= bytes_max ? fits : too_many) = middle;
  }
  return fits;
}

std::size_t waiting_max(const row_table_options& options) {
  if (options.admit_after == 1)
    return 0;
  if (options.bytes_max == 0)
    return key_index::positions_max;
  return rows_within(options.bytes_max / waiting_share,
                     [](std::size_t keys) { return keyed_rows::bytes_max(0, keys); });
}

std::size_t rows_max(const row_table_options& options) {
  if (options.bytes_max == 0)
    return key_index::positions_max;
  auto waiting = keyed_rows::bytes_max(0, waiting_max(options));
  return rows_within(options.bytes_max - std::min(options.bytes_max, waiting), [&options](std::size_t rows) {
    return keyed_rows::bytes_max(floats_of(options), rows) + second_chance::bytes_max(rows);
  });
}

/// Demands that `count` is within 0 … `most`.
void demand(std::uint64_t count, std::uint64_t most, const std::string& what) {
  if (count > most)
    throw std::invalid_argument(what + " cannot be " + std::to_string(count) + ": at most " + std::to_string(most) +
                                " is possible");
}

template <class Span>
void append_to(std::vector<Span>& pieces, const std::vector<Span>& more) {
  pieces.insert(pieces.end(), more.begin(), more.end());
}

} // namespace

row_table::row_table(const row_table_options& options, initializer_of_row initialize)
    : options_(checked(options)), initialize_(std::move(initialize)), rows_(floats_of(options), rows_max(options)),
      admission_(options.admit_after, waiting_max(options)) {}

void row_table::read(std::uint64_t key, std::span<float> into) {
  auto position = rows_.find(key);
  if (position == keyed_rows::none) {
    initialize_(key, into);
    return;
  }
  std::copy_n(rows_.floats(position), options_.width, into.begin());
  if (options_.bytes_max > 0)
    clock_.use(position);
}

std::optional<row_table::row> row_table::update(std::uint64_t key) {
  rows_.carry();
  auto position = rows_.find(key);
  if (position == keyed_rows::none) {
    if (!admission_.ask(key)) {
      ++refused_;
      return std::nullopt;
    }
    position = make(key);
  } else if (options_.bytes_max > 0) {
    clock_.use(position);
  }
  auto* floats = rows_.floats(position);
  return row{.values = {floats, options_.width},
             .state = {floats + options_.width, options_.width * options_.state_slots},
             .updates = &rows_.count(position)};
}

std::size_t row_table::make(std::uint64_t key) {
  auto position = rows_.size();
  if (position < rows_.rows_max()) {
    rows_.append(key);
    if (options_.bytes_max > 0)
      clock_.add();
  } else {
    position = clock_.give_up();
    rows_.replace(position, key);
    ++evicted_;
  }
  initialize_(key, {rows_.floats(position), options_.width});
  return position;
}

row_table::image row_table::facts() const {
  return {.rows = rows_.size(),
          .waiting = admission_.size(),
          .hand = clock_.hand(),
          .waiting_hand = admission_.hand(),
          .evicted = evicted_,
          .refused = refused_};
}

std::vector<std::span<const std::byte>> row_table::contents() const {
  auto result = rows_.contents();
  if (auto bits = clock_.bits(); !bits.empty())
    result.push_back(std::as_bytes(bits));
  append_to(result, admission_.contents());
  return result;
}

std::uint64_t row_table::contents_bytes(const image& facts) const {
  demand(facts.rows, rows_.rows_max(), "the number of rows");
  demand(facts.waiting, admission_.keys_max(), "the number of keys that are not admitted yet");
  auto last = [](std::uint64_t count) { return count == 0 ? 0 : count - 1; };
  // Both hands move only where all places are taken.
  demand(facts.hand, facts.rows == rows_.rows_max() ? last(facts.rows) : 0, "the row to be forgotten next");
  demand(facts.waiting_hand, last(admission_.keys_max()), "the waiting key to be forgotten next");
  auto words = options_.bytes_max > 0 ? second_chance::words(facts.rows) : 0;
  return facts.rows * rows_.row_bytes() + words * sizeof(std::uint64_t) + facts.waiting * admission_.key_bytes();
}

std::vector<std::span<std::byte>> row_table::prepare(const image& facts) {
  static_cast<void>(contents_bytes(facts));
  evicted_ = facts.evicted;
  refused_ = facts.refused;
  auto result = rows_.prepare(facts.rows);
  auto bits = clock_.prepare(facts.hand, options_.bytes_max > 0 ? facts.rows : 0);
  if (!bits.empty())
    result.push_back(std::as_writable_bytes(bits));
  append_to(result, admission_.prepare(facts.waiting_hand, facts.waiting));
  return result;
}

void row_table::adopt() {
  try {
    rows_.adopt();
    admission_.adopt();
    check_contents();
  } catch (const std::invalid_argument&) {
    static_cast<void>(prepare({}));
    throw;
  }
}

void row_table::check_contents() const {
  for (std::size_t i = 0; i < admission_.size(); ++i)
    if (auto key = admission_.key(i); rows_.find(key) != keyed_rows::none)
      throw std::invalid_argument("key " + std::to_string(key) + " waits for a row, and has one");
  if (clock_.has_strangers())
    throw std::invalid_argument("more rows are marked as used than the " + std::to_string(rows_.size()) + " that come");
}

} // namespace drover
