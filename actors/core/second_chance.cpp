#include "drover/actors/core/second_chance.hpp"

#include <bit>

namespace drover {

void second_chance::add() {
  if (count_++ % word_bits == 0)
    used_.push_back(0);
}

void second_chance::use(std::size_t position) {
  auto& word = used_[position / word_bits];
  auto bit = std::uint64_t{1} << (position % word_bits);
  // Most are set already, and then the line need not be written.
  if ((word & bit) == 0)
    word |= bit;
}

std::size_t second_chance::give_up() {
  for (;;) {
    auto& word = used_[hand_ / word_bits];
    auto first = hand_ % word_bits;
    auto unused = first + static_cast<std::size_t>(std::countr_one(word >> first));
    auto behind = ~std::uint64_t{0} << first;
    auto found = hand_ - first + unused;
    if (unused < word_bits && found < count_) {
      word &= ~behind | (~std::uint64_t{0} << unused);
      hand_ = found + 1 == count_ ? 0 : found + 1;
      return found;
    }
    word &= ~behind;
    hand_ += word_bits - first;
    if (hand_ >= count_)
      hand_ = 0;
  }
}

std::span<std::uint64_t> second_chance::prepare(std::size_t hand, std::size_t count) {
  hand_ = hand;
  count_ = count;
  used_.assign(words(count), 0);
  return used_;
}

bool second_chance::has_strangers() const {
  auto last = count_ % word_bits;
  return last != 0 && used_.back() >> last != 0;
}

} // namespace drover
