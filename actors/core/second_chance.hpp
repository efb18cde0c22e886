#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace drover {

/// Says which place to give up where room is short: one that was not used lately. The clock algorithm with
/// a bit a place (Corbató 1968): a hand goes round, takes the bit of each place that was used since it came by last,
/// and stops at the first that was not. It looks at 64 places at once. To be made is no use yet: what is used once only
/// goes before all that is used again, and there is a full round until its turn comes.
class second_chance {
public:
  /// One more place, not used yet, behind those that are there.
  void add();
  /// Place `position` was used.
  void use(std::size_t position);
  /// The place to give up, of at least one. The hand moves on behind it, and what comes there is not used yet.
  [[nodiscard]] std::size_t give_up();

  [[nodiscard]] std::size_t bytes() const { return used_.capacity() * sizeof(std::uint64_t); }
  /// The largest bytes() on the way to `count` places.
  [[nodiscard]] static std::size_t bytes_max(std::size_t count) { return 2 * words(count) * sizeof(std::uint64_t); }

  /// To go on elsewhere: the hand, and a bit for each place.
  [[nodiscard]] std::size_t hand() const { return hand_; }
  [[nodiscard]] std::span<const std::uint64_t> bits() const { return used_; }
  /// `count` places, whose bits are to be filled in; the hand is at one of them.
  [[nodiscard]] std::span<std::uint64_t> prepare(std::size_t hand, std::size_t count);
  /// Whether bits are set of places that are not there.
  [[nodiscard]] bool has_strangers() const;
  [[nodiscard]] static std::size_t words(std::size_t count) { return (count + word_bits - 1) / word_bits; }

private:
  static constexpr std::size_t word_bits = 64;

  std::vector<std::uint64_t> used_;
  std::size_t count_ = 0;
  std::size_t hand_ = 0;
};

} // namespace drover
