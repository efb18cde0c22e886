#pragma once

#include "drover/actors/actor_types.hpp"

#include <caf/event_based_actor.hpp>

namespace drover {

/// A shard, and the place where it is to go on.
struct shard_move {
  std::uint32_t shard = 0;
  member_actor from;
  member_actor to;
  message<messages::HostShard> assignment;
};

/// Has the shard stand still and copies it, a piece at a time: no more than that is held here. Then it tells the
/// coordinator `shard_copied`, or `shard_not_copied`, once, and ends. No answer is waited for longer than a minute.
caf::behavior shard_mover_behavior(caf::event_based_actor* self, const shard_move& move,
                                   const coordinator_actor& coordinator);

} // namespace drover
