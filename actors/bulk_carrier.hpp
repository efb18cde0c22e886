#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/messages/frame.hpp"

#include <caf/actor_control_block.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace drover {

/// A message with parameters or gradients in it.
template <class T>
concept bulk_message = requires(typename T::Reader content) {
  content.getBlocks();
};

/// A message of every step: bulk, what asks for it and what acknowledges it. May be lost: its sender repeats it.
template <class T>
concept step_message =
    bulk_message<T> || std::same_as<T, messages::PullParameters> || std::same_as<T, messages::GradientApplied>;

/// Of a message that goes over CAF's network layer all the same: a connection that takes long over one counts as
/// silent.
inline constexpr std::size_t network_bytes_max = std::size_t{256} << 20;

/// Brings the messages of each step to actors of other processes by a faster way than CAF's network layer. They arrive
/// without a sender, and order between what goes this way and what goes CAF's is lost. Any thread.
class bulk_carrier {
public:
  virtual ~bulk_carrier() = default;

  /// Never waits. `kind`: index in protocol_message. False: there is no such way to that process, CAF's is left. True
  /// does not mean that it arrives: what is too much for a slow receiver is dropped.
  [[nodiscard]] virtual bool carry(const caf::strong_actor_ptr& to, std::uint16_t kind,
                                   const std::shared_ptr<const frame>& what) = 0;

  template <step_message T>
  [[nodiscard]] bool carry(const caf::strong_actor_ptr& to, const message<T>& what) {
    static const auto kind = static_cast<std::uint16_t>(protocol_message{message<T>{}}.index());
    return carry(to, kind, what.shared_segments());
  }
};

} // namespace drover
