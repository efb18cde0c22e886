#pragma once

#include "drover/actors/node/plane/slot_reader.hpp"
#include "drover/actors/node/plane/transport.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/messages/frame.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace drover::plane {

/// Turns records into frames. Not for several threads; the frames are free of it.
class frame_reader {
public:
  /// `slots`: nothing where the peer shares no memory. Both must outlive the reader.
  frame_reader(transport& from, slot_reader* slots);

  struct arrival {
    std::uint64_t destination = 0;
    std::uint16_t kind = 0;
    std::shared_ptr<const frame> what;
  };
  /// Waits for the next frame. Nothing: the peer has closed the connection after a whole one. Throws connection_lost,
  /// malformed_message.
  [[nodiscard]] std::optional<arrival> next();

private:
  [[nodiscard]] arrival read_frame(const record& head);
  [[nodiscard]] std::shared_ptr<const std::byte> read_payload(std::size_t bytes);
  void change_slots(const record& head);
  /// False: the connection is closed and nothing of this was there.
  [[nodiscard]] bool read(std::span<std::byte> into);
  void read_rest(std::span<std::byte> into);

  transport& from_;
  slot_reader* slots_;
  bulk_pool pool_;
  bulk buffer_;                         ///< aligned as payloads are, for the sake of speed
  std::span<const std::byte> buffered_; ///< what of it was not taken yet
  std::size_t read_ahead_;
};

} // namespace drover::plane
