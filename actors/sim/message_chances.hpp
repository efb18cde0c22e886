#pragma once

#include "drover/actors/sim/virtual_time.hpp"
#include "drover/messages/cluster.capnp.h"

namespace drover::sim {

/// What may happen to a message; see MessageChances in cluster.capnp.
struct message_chances {
  double loss = 0;
  double duplicate = 0;
  double reorder = 0;
  nanoseconds reorder_max = 0; ///< 0 where nothing is reordered
  double delay = 0;
  nanoseconds delay_max = 0; ///< 0 where nothing is delayed

  [[nodiscard]] static message_chances of(messages::MessageChances::Reader source);

  [[nodiscard]] bool none() const { return loss == 0 && duplicate == 0 && reorder == 0 && delay == 0; }
};

/// Of each chance, and of each lateness, the larger.
[[nodiscard]] message_chances larger(const message_chances& one, const message_chances& other);

} // namespace drover::sim
