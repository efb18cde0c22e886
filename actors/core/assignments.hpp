#pragma once

#include "drover/actors/core/membership.hpp"
#include "drover/actors/core/training_plan.hpp"
#include "drover/messages/membership.capnp.h"

#include <cstdint>

namespace drover {

/// What each member is told at its start, and shards whenever somebody joins or leaves. The worker must be a member.
[[nodiscard]] message<messages::HostShard> assign_shard(const training_plan& plan, const membership& members,
                                                        std::uint32_t shard);
[[nodiscard]] message<messages::StartWorker> assign_worker(const training_plan& plan, const membership& members,
                                                           std::uint32_t worker);
/// Whether workers of this job send to each other.
[[nodiscard]] bool passes_columns(const training_plan& plan);

[[nodiscard]] message<messages::ChangeMembership> change_to(const membership& members);

} // namespace drover
