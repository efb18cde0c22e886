#include "drover/actors/core/keyed_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <string>

namespace drover {

namespace {

// Much beside what the allocator adds, and little beside a table. A chunk has a power of two of rows, at least one.
constexpr std::size_t chunk_bytes_wanted = std::size_t{128} << 10;

constexpr std::size_t line_bytes = 64;

} // namespace

keyed_rows::keyed_rows(std::size_t floats, std::size_t rows_max)
    : row_bytes_(bytes_of_row(floats)),
      chunk_bits_(static_cast<unsigned>(std::bit_width(std::max(chunk_bytes_wanted / row_bytes_, std::size_t{1})) - 1)),
      rows_max_(rows_max) {}

std::size_t keyed_rows::bytes() const {
  return chunk_bytes_ + chunks_.capacity() * sizeof(chunk) + index_.bytes();
}

std::size_t keyed_rows::bytes_max(std::size_t floats, std::size_t rows) {
  auto chunks = (rows >> keyed_rows(floats, rows).chunk_bits_) + 1;
  // A vector has up to twice the room that it needs.
  return rows * bytes_of_row(floats) + 2 * chunks * sizeof(chunk) + key_index::bytes_max(rows);
}

void keyed_rows::prefetch(std::span<const std::uint64_t> keys) const {
  for (auto key : keys)
    index_.prefetch(key);
  for (auto key : keys) {
    auto position = index_.candidate(key);
    if (position == none)
      continue;
    const auto* row = at(position);
    for (std::size_t i = 0; i < row_bytes_; i += line_bytes)
      __builtin_prefetch(row + i);
    __builtin_prefetch(row + row_bytes_ - 1);
  }
}

std::size_t keyed_rows::append(std::uint64_t key) {
  if (size_ == chunks_.size() << chunk_bits_)
    add_chunk();
  auto position = size_;
  begin(position, key);
  index_.insert(key, position, keys());
  ++size_;
  return position;
}

void keyed_rows::replace(std::size_t position, std::uint64_t key) {
  index_.erase(position, keys());
  begin(position, key);
  index_.insert(key, position, keys());
}

void keyed_rows::remove(std::size_t position) {
  index_.erase(position, keys());
  auto last = size_ - 1;
  if (position != last) {
    index_.move(last, position, keys());
    std::memcpy(at(position), at(last), row_bytes_);
  }
  size_ = last;
}

std::vector<std::span<const std::byte>> keyed_rows::contents() const {
  std::vector<std::span<const std::byte>> result;
  for (std::size_t first = 0; first < size_; first += rows_a_chunk())
    result.emplace_back(at(first), std::min(rows_a_chunk(), size_ - first) * row_bytes_);
  return result;
}

std::vector<std::span<std::byte>> keyed_rows::prepare(std::size_t rows) {
  chunks_.clear();
  chunk_bytes_ = 0;
  index_ = key_index();
  std::vector<std::span<std::byte>> result;
  for (size_ = 0; size_ < rows;) {
    add_chunk();
    auto here = std::min(rows_a_chunk(), rows - size_);
    result.emplace_back(at(size_), here * row_bytes_);
    size_ += here;
  }
  return result;
}

void keyed_rows::adopt() {
  index_ = key_index(size_);
  for (std::size_t position = 0; position < size_; ++position) {
    if (find(key(position)) != none)
      throw std::invalid_argument("key " + std::to_string(key(position)) + " comes twice");
    index_.insert(key(position), position, keys());
  }
}

std::size_t keyed_rows::bytes_of_row(std::size_t floats) {
  auto bytes = sizeof(head) + floats * sizeof(float);
  return (bytes + alignof(head) - 1) / alignof(head) * alignof(head);
}

void keyed_rows::add_chunk() {
  auto rows = std::min(rows_a_chunk(), rows_max_ - (chunks_.size() << chunk_bits_));
  auto bytes = rows * row_bytes_;
  chunk fresh(static_cast<std::byte*>(::operator new (bytes, std::align_val_t{alignment})));
  chunks_.push_back(std::move(fresh));
  chunk_bytes_ += bytes;
}

void keyed_rows::begin(std::size_t position, std::uint64_t key) {
  std::memset(at(position), 0, row_bytes_);
  head_of(position).key = key;
}

} // namespace drover
