#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <map>
#include <memory>

namespace drover {

/// The CAF shell of a parameter shard: turns messages into events of `shard_core` and its effects into messages.
/// Decides nothing.
struct shard_state {
  shard_actor::pointer self = nullptr;
  std::unique_ptr<gpu::device> device;
  std::unique_ptr<shard_core> core;
  coordinator_actor coordinator;
  std::map<std::uint32_t, worker_actor> workers; ///< as they made themselves known by pulling and pushing
  compat::watcher watched;

  void perform(effects&& what);
};

/// What a shard needs to begin.
struct shard_start {
  std::shared_ptr<const job_context> context;
  message<messages::HostShard> assignment;
  coordinator_actor coordinator;
};

shard_actor::behavior_type shard_behavior(shard_actor::stateful_pointer<shard_state> self, shard_start start);

} // namespace drover
