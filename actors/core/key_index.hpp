#pragma once

#include "drover/models/random.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>

namespace drover {

/// Where things lie, by 64-bit key: a hash table with open addressing and linear probing that knows positions 0, 1, 2 …
/// and asks `key_of(position)` for the key, so that it needs 4 bytes a slot. At most three quarters of the slots are in
/// use. A slot holds, beside its position, the bits of the hash that are left: few keys are asked for in vain.
///
/// It grows without a pause: to twice the slots, whose content is carried over by a few with each call while both are
/// looked up.
class key_index {
public:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  /// Slots that one call of carry() or insert() looks at, so that all are carried over long before it grows again.
  static constexpr std::size_t carried_slots_max = 16;
  static constexpr std::size_t positions_max = std::size_t{3} << 29;

  /// With room for `expected` positions before it grows; at most positions_max.
  explicit key_index(std::size_t expected = 0);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const;
  /// The largest bytes() on the way to `positions`.
  [[nodiscard]] static std::size_t bytes_max(std::size_t positions);

  /// The position of `key`; none where it has no position.
  template <class KeyOf>
  [[nodiscard]] std::size_t find(std::uint64_t key, KeyOf key_of) const {
    auto hash = random_bits::mix(key);
    auto is_it = [&](std::size_t position) { return key_of(position) == key; };
    if (auto at = find_slot(now_, hash, is_it); at != none)
      return now_.position(at);
    if (before_.slots != nullptr)
      if (auto at = find_slot(before_, hash, is_it); at != none)
        return before_.position(at);
    return none;
  }

  /// Brings what find() reads first into the cache.
  void prefetch(std::uint64_t key) const {
    auto hash = random_bits::mix(key);
    __builtin_prefetch(&now_.slots[hash & now_.mask()]);
    if (before_.slots != nullptr)
      __builtin_prefetch(&before_.slots[hash & before_.mask()]);
  }

  /// The first position that find() would ask for its key; none where it would ask for none.
  [[nodiscard]] std::size_t candidate(std::uint64_t key) const {
    return find(key, [key](std::size_t) { return key; });
  }

  /// `key` has no position yet; `position` <= size(). Throws std::length_error above positions_max.
  template <class KeyOf>
  void insert(std::uint64_t key, std::size_t position, KeyOf key_of) {
    carry(key_of);
    if (size_ == capacity(now_.bits))
      grow();
    put(random_bits::mix(key), position);
    ++size_;
  }

  /// Forgets a position, whose key is asked for.
  template <class KeyOf>
  void erase(std::size_t position, KeyOf key_of) {
    auto hash = random_bits::mix(key_of(position));
    auto is_it = [&](std::size_t one) { return one == position; };
    if (auto at = find_slot(now_, hash, is_it); at != none)
      close_gap(at, key_of);
    else
      before_.slots[find_slot(before_, hash, is_it)] = gone;
    --size_;
  }

  /// The key of position `from` is at `to` from now on; asks for it at `from`.
  template <class KeyOf>
  void move(std::size_t from, std::size_t to, KeyOf key_of) {
    auto hash = random_bits::mix(key_of(from));
    auto is_it = [&](std::size_t one) { return one == from; };
    auto at = find_slot(now_, hash, is_it);
    auto& where = at != none ? now_ : before_;
    if (at == none)
      at = find_slot(before_, hash, is_it);
    where.slots[at] = where.slot(hash, to);
  }

  /// Goes on with growing, if it does.
  template <class KeyOf>
  void carry(KeyOf key_of) {
    if (before_.slots == nullptr)
      return;
    for (auto end = std::min(carried_ + carried_slots_max, before_.size()); carried_ < end; ++carried_) {
      if (before_.slots[carried_] == free || before_.slots[carried_] == gone)
        continue;
      auto position = before_.position(carried_);
      put(random_bits::mix(key_of(position)), position);
      before_.slots[carried_] = gone;
    }
    if (carried_ == before_.size())
      before_ = {};
  }

private:
  // A position is at most three quarters of the slots: one more than it is neither 0 nor all ones.
  static constexpr std::uint32_t free = 0;
  static constexpr std::uint32_t gone = ~std::uint32_t{0}; ///< only while growing, and only in `before_`

  struct freeing {
    void operator()(std::uint32_t* slots) const { std::free(slots); }
  };
  /// 2^bits slots: one more than the position in the lower `bits` bits, the hash's upper bits above.
  struct table {
    std::unique_ptr<std::uint32_t[], freeing> slots;
    unsigned bits = 0;

    [[nodiscard]] std::size_t size() const { return std::size_t{1} << bits; }
    [[nodiscard]] std::uint32_t mask() const { return (std::uint32_t{1} << bits) - 1; }
    [[nodiscard]] std::uint32_t tag(std::uint64_t hash) const {
      return static_cast<std::uint32_t>((hash >> (32 + bits)) << bits);
    }
    [[nodiscard]] std::uint32_t slot(std::uint64_t hash, std::size_t position) const {
      return tag(hash) | (static_cast<std::uint32_t>(position) + 1);
    }
    [[nodiscard]] std::size_t position(std::size_t at) const { return (slots[at] & mask()) - 1; }
  };

  [[nodiscard]] static std::size_t capacity(unsigned bits) { return (std::size_t{3} << bits) / 4; }
  [[nodiscard]] static unsigned bits_for(std::size_t positions);
  [[nodiscard]] static table make_table(unsigned bits);
  void grow();

  template <class IsIt>
  [[nodiscard]] static std::size_t find_slot(const table& where, std::uint64_t hash, IsIt is_it) {
    auto mask = where.mask();
    auto tag = where.tag(hash);
    for (auto at = static_cast<std::uint32_t>(hash) & mask;; at = (at + 1) & mask) {
      auto slot = where.slots[at];
      if (slot == free)
        return none;
      if ((slot & ~mask) == tag && slot != gone && is_it((slot & mask) - 1))
        return at;
    }
  }

  void put(std::uint64_t hash, std::size_t position) {
    auto mask = now_.mask();
    auto at = static_cast<std::uint32_t>(hash) & mask;
    while (now_.slots[at] != free)
      at = (at + 1) & mask;
    now_.slots[at] = now_.slot(hash, position);
  }

  // Knuth's deletion (volume 3, section 6.4, algorithm R): what was pushed beyond the gap by a collision moves back
  // into it, so that no marks are left that would make probing longer.
  template <class KeyOf>
  void close_gap(std::size_t gap, KeyOf key_of) {
    auto mask = now_.mask();
    for (auto at = (gap + 1) & mask; now_.slots[at] != free; at = (at + 1) & mask) {
      auto home = random_bits::mix(key_of(now_.position(at))) & mask;
      if (((at - home) & mask) < ((at - gap) & mask))
        continue;
      now_.slots[gap] = now_.slots[at];
      gap = at;
    }
    now_.slots[gap] = free;
  }

  table now_;
  table before_;            ///< while it grows, else without slots
  std::size_t carried_ = 0; ///< slots of `before_` that were carried over
  std::size_t size_ = 0;
};

} // namespace drover
