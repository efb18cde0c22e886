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
  /// `to` must outlive the writer.
  explicit frame_writer(transport& to) : to_(to) {}

  /// Whether it lies in a slot; `slots`: nothing where there are none. Throws connection_lost. The frame has 1 to
  /// frame::segments_max segments and at most frame::bytes_max bytes.
  bool add(std::uint64_t destination, std::uint16_t kind, const std::shared_ptr<const frame>& what, slot_writer* slots);

  /// Writes what is gathered.
  void flush();

  /// Whether an empty writer can add this frame without writing anything: it needs no slot and fills no buffer.
  [[nodiscard]] static bool is_small(const frame& what);
  /// Writes what is gathered as far as that goes without waiting. False: there is more.
  [[nodiscard]] bool flush_now();

private:
  void clear();
  [[nodiscard]] std::optional<slot_writer::loan> slot_for(std::size_t bytes, slot_writer* slots);
  void append_payload(const frame& what);

  transport& to_;
  std::vector<iovec> pieces_;
  std::vector<std::vector<std::byte>> heads_;        ///< what pieces refer to
  std::vector<std::shared_ptr<const frame>> frames_; ///< and whose payloads
  std::size_t gathered_bytes_ = 0;
};

} // namespace drover::plane
