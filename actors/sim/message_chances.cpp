#include "drover/actors/sim/message_chances.hpp"

#include <algorithm>

namespace drover::sim {

message_chances message_chances::of(messages::MessageChances::Reader source) {
  // A lateness belongs to its chance: it counts where something can be late.
  auto lateness = [](double chance, double seconds) { return chance > 0 ? from_seconds(seconds) : 0; };
  return {.loss = source.getLoss(),
          .duplicate = source.getDuplicate(),
          .reorder = source.getReorder(),
          .reorder_max = lateness(source.getReorder(), source.getReorderSeconds()),
          .delay = source.getDelay(),
          .delay_max = lateness(source.getDelay(), source.getDelaySeconds())};
}

message_chances larger(const message_chances& one, const message_chances& other) {
  return {.loss = std::max(one.loss, other.loss),
          .duplicate = std::max(one.duplicate, other.duplicate),
          .reorder = std::max(one.reorder, other.reorder),
          .reorder_max = std::max(one.reorder_max, other.reorder_max),
          .delay = std::max(one.delay, other.delay),
          .delay_max = std::max(one.delay_max, other.delay_max)};
}

} // namespace drover::sim
