#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace drover::plane {

/// A queue of bytes in memory that two processes have mapped: one of them writes, the other reads, and neither calls
/// the system as long as both keep up. Each end believes only its own numbers; what the other's say is checked. One
/// thread at each end.
class byte_ring {
public:
  /// What lies in the queue at most: small enough for a processor's cache, as every byte of it is used in turn.
  static constexpr std::size_t capacity = std::size_t{256} << 10;
  static constexpr std::size_t memory_bytes = capacity + 4096;

  /// The memory has `memory_bytes`, all zero before the first end is made. It must outlive the ring.
  explicit byte_ring(std::span<std::byte> memory);

  // The writing end.

  /// Copies what fits; the reader does not see it before publish(). Throws malformed_message.
  [[nodiscard]] std::size_t put(std::span<const std::byte> from);
  /// True: the reader waits and is to be woken.
  [[nodiscard]] bool publish();
  /// Before the writer waits for room. False: there is some already.
  [[nodiscard]] bool wait_for_room();

  // The reading end.

  struct taken {
    std::size_t bytes = 0;
    bool wakes_writer = false; ///< who waits, and is to be woken
  };
  /// Copies what is there, as far as it fits. Throws malformed_message.
  [[nodiscard]] taken take(std::span<std::byte> into);
  /// Before the reader waits for bytes. False: there are some already.
  [[nodiscard]] bool wait_for_bytes();

private:
  struct counters;

  [[nodiscard]] std::size_t used(std::uint64_t written, std::uint64_t read) const;

  counters& shared_;
  std::span<std::byte> bytes_;
  std::uint64_t own_; ///< written, or taken, by this end since the ring began
};

} // namespace drover::plane
