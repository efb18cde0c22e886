#include "drover/actors/core/key_index.hpp"

#include <new>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

constexpr unsigned index_bits_min = 4;

} // namespace

key_index::key_index(std::size_t expected) : now_(make_table(bits_for(expected))) {}

std::size_t key_index::bytes() const {
  return (now_.size() + (before_.slots != nullptr ? before_.size() : 0)) * sizeof(std::uint32_t);
}

std::size_t key_index::bytes_max(std::size_t positions) {
  auto bits = bits_for(positions);
  auto slots = (std::size_t{1} << bits) + (bits > index_bits_min ? std::size_t{1} << (bits - 1) : 0);
  return slots * sizeof(std::uint32_t);
}

unsigned key_index::bits_for(std::size_t positions) {
  if (positions > positions_max)
    throw std::length_error("one part of a sparse table knows at most " + std::to_string(positions_max) + " keys");
  auto bits = index_bits_min;
  while (capacity(bits) < positions)
    ++bits;
  return bits;
}

key_index::table key_index::make_table(unsigned bits) {
  // Of a large piece the system clears each page when it is touched first, which is no pause either.
  auto* slots = static_cast<std::uint32_t*>(std::calloc(std::size_t{1} << bits, sizeof(std::uint32_t)));
  if (slots == nullptr)
    throw std::bad_alloc();
  table result;
  result.slots.reset(slots);
  result.bits = bits;
  return result;
}

void key_index::grow() {
  before_ = std::exchange(now_, make_table(bits_for(size_ + 1)));
  carried_ = 0;
}

} // namespace drover
