#pragma once

#include "drover/actors/node/plane/record.hpp"
#include "drover/actors/node/plane/ring_transport.hpp"
#include "drover/actors/node/plane/shared_memory.hpp"

#include <array>
#include <atomic>
#include <memory>

namespace drover::plane {

/// The reading end of a slot_writer: gives frames the memory of a slot and gives the slot back after them. The frames
/// may outlive it and the connection.
class slot_reader {
public:
  explicit slot_reader(std::shared_ptr<ring_transport> from) : from_(std::move(from)) {}

  /// A record of either type, just read. Throws malformed_message, connection_lost.
  void add(const record& what);
  void drop(const record& what);

  /// Memory of the payload of this frame: the slot is given back when the last pointer to it goes. Throws
  /// malformed_message.
  [[nodiscard]] std::shared_ptr<const std::byte> payload_of(const record& what);

private:
  struct entry {
    std::shared_ptr<const shared_memory> memory;
    std::shared_ptr<std::atomic<bool>> held = std::make_shared<std::atomic<bool>>(false);
  };

  entry& at(const record& what);

  std::shared_ptr<ring_transport> from_;
  std::array<entry, record::slots_max> slots_;
};

} // namespace drover::plane
