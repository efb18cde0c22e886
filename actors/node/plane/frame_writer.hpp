#pragma once

#include "drover/actors/node/plane/slot_writer.hpp"
#include "drover/actors/node/plane/transport.hpp"
#include "drover/messages/frame.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace drover::plane {

/// Turns frames into records. Small ones are gathered, so that many go out with one call; the payload of a larger one
/// is copied once into a slot where there are slots, and else written from where it lies. Not for several threads.
class frame_writer {
public:
  /// `slots`: nothing where the peer shares no memory. Both must outlive the writer.
  frame_writer(transport& to, slot_writer* slots) : to_(to), slots_(slots) {}

  /// Whether it lies in a slot. Throws connection_lost. The frame has 1 to frame::segments_max segments and at most
  /// frame::bytes_max bytes.
  bool add(std::uint64_t destination, std::uint16_t kind, const std::shared_ptr<const frame>& what);

  /// Writes what is gathered.
  void flush();

private:
  [[nodiscard]] std::optional<slot_writer::loan> slot_for(std::size_t bytes);
  void append_payload(const frame& what, const payload_layout& layout);

  transport& to_;
  slot_writer* slots_;
  std::vector<iovec> pieces_;
  std::vector<std::vector<std::byte>> heads_;        ///< what pieces refer to
  std::vector<std::shared_ptr<const frame>> frames_; ///< and whose payloads
  std::size_t gathered_bytes_ = 0;
};

} // namespace drover::plane
