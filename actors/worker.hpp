#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/worker_core.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <memory>
#include <vector>

namespace drover {

/// The CAF shell of a worker: turns messages into events of `worker_core` and its effects into messages. Decides
/// nothing.
struct worker_state {
  worker_actor::pointer self = nullptr;
  std::unique_ptr<worker_core> core;
  coordinator_actor coordinator;
  std::vector<shard_actor> shards; ///< by index
  compute_actor compute;
  compat::watcher watched;

  void perform(effects&& what);
};

/// What a worker needs to begin.
struct worker_start {
  std::shared_ptr<const job_context> context;
  message<messages::StartWorker> assignment;
  coordinator_actor coordinator;
  std::vector<shard_actor> shards;
};

worker_actor::behavior_type worker_behavior(worker_actor::stateful_pointer<worker_state> self, worker_start start);

} // namespace drover
