#include "drover/actors/node/plane/slot_reader.hpp"

#include <string>

namespace drover::plane {

slot_reader::entry& slot_reader::at(const record& what) {
  auto& slot = slots_[what.slot];
  if (slot.held->load())
    throw malformed_message("slot " + std::to_string(what.slot) + " is used again before it was given back");
  return slot;
}

void slot_reader::add(const record& what) {
  auto file = from_->take_descriptor();
  auto& slot = at(what);
  if (slot.memory)
    throw malformed_message("slot " + std::to_string(what.slot) + " was added twice");
  slot.memory = shared_memory::open(file, what.bytes);
}

void slot_reader::drop(const record& what) {
  at(what).memory.reset();
}

std::shared_ptr<const std::byte> slot_reader::payload_of(const record& what) {
  auto& slot = at(what);
  if (!slot.memory || what.bytes > slot.memory->size())
    throw malformed_message("a frame of " + std::to_string(what.bytes) + " bytes names slot " +
                            std::to_string(what.slot) + ", which has " +
                            std::to_string(slot.memory ? slot.memory->size() : 0));
  slot.held->store(true);
  // Keeps the memory; the connection only if it is still there.
  auto give_back = [number = what.slot, memory = slot.memory, held = slot.held,
                    home = std::weak_ptr{from_}](const std::byte*) {
    held->store(false);
    if (auto connection = home.lock())
      // All slots together fit into the socket's buffer. Where that is not so, the peer must not wait for this one.
      if (!connection->notify(number))
        connection->shutdown();
  };
  return {slot.memory->readable().data(), std::move(give_back)};
}

} // namespace drover::plane
