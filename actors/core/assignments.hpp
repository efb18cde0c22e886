#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/messages/membership.capnp.h"

#include <cstdint>
#include <set>

namespace drover {

/// Who computes gradients at the moment: the coordinator's word on membership. It is passed on as a whole, with an
/// epoch that grows, so that whoever hears it twice or late can tell.
struct job_members {
  std::uint64_t epoch = 1;
  std::set<std::uint32_t> workers;

  /// False, and nothing changes, where the worker is no member.
  bool remove(std::uint32_t worker);
};

/// What each member is told at its start, and shards whenever somebody leaves.
[[nodiscard]] message<messages::HostShard> assign_shard(const training_plan& plan, const job_members& members,
                                                        std::uint32_t shard);
[[nodiscard]] message<messages::StartWorker> assign_worker(const training_plan& plan, const job_members& members,
                                                           std::uint32_t worker);
[[nodiscard]] message<messages::ChangeMembership> membership_of(const job_members& members);

} // namespace drover
