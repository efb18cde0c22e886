#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/messages/frame.hpp"

#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <memory>

namespace drover {

/// A message with parameters or gradients in it.
template <class T>
concept bulk_message = requires(typename T::Reader content) {
  content.getBlocks();
};

/// Brings bulk messages to actors of other processes by a faster way than CAF's network layer. Order between what goes
/// this way and what goes CAF's is lost. Any thread.
class bulk_carrier {
public:
  virtual ~bulk_carrier() = default;

  /// Never waits. `kind`: index in protocol_message. False: there is no such way to that process, CAF's is left. True
  /// does not mean that it arrives: what is too much for a slow receiver is dropped.
  [[nodiscard]] virtual bool carry(const caf::strong_actor_ptr& to, std::uint16_t kind,
                                   const std::shared_ptr<const frame>& what) = 0;
};

} // namespace drover
