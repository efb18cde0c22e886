#pragma once

#include "drover/actors/node/plane/record.hpp"
#include "drover/actors/node/plane/ring_transport.hpp"
#include "drover/actors/node/plane/shared_memory.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace drover::plane {

/// The writing end's slots of shared memory: lent to the peer with a frame, given back by a number on its socket when
/// the last reference to that frame is gone. Slots are made as they are needed and used again. Not for several threads.
class slot_writer {
public:
  slot_writer(ring_transport& to, std::size_t bytes_max);

  struct loan {
    std::uint32_t slot;
    std::span<std::byte> memory;
  };
  /// A slot of at least `bytes`, lent from now on; nothing where all are lent and no more may be made. Throws
  /// connection_lost.
  [[nodiscard]] std::optional<loan> take(std::size_t bytes);

  /// The same, and waits until one comes back: but only so long, and not again before one has come. Whoever holds all
  /// slots may be waiting for one frame more.
  [[nodiscard]] std::optional<loan> wait(std::size_t bytes, std::chrono::milliseconds at_most);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] std::size_t lent() const { return lent_; }

  /// Takes note of what came back.
  void collect();

private:
  struct entry {
    std::shared_ptr<shared_memory> memory; ///< nothing: the number is free
    bool lent = false;
    std::uint64_t used = 0; ///< when it came back last, as a count
  };

  std::optional<loan> lend_free(std::size_t bytes, std::size_t size_max);
  std::optional<loan> make(std::size_t bytes);
  std::optional<std::uint32_t> free_number();
  bool drop_one();
  void announce(record what, const descriptor* file);

  ring_transport& to_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::size_t lent_ = 0;
  std::uint64_t returns_ = 0;
  bool starved_ = false;
  std::vector<entry> slots_;
};

} // namespace drover::plane
