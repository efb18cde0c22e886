#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/worker_core.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace drover {

/// The CAF shell of a worker: turns messages into events of `worker_core` and its effects into messages and
/// computations. Decides nothing. Spawn it detached: it computes in its own thread, where a computation holds none of
/// the scheduler's and its result needs no hand-over; messages that come meanwhile wait in the mailbox.
struct worker_state {
  worker_actor::pointer self = nullptr;
  std::unique_ptr<worker_core> core;
  coordinator_actor coordinator;
  std::vector<shard_actor> shards; ///< by index
  std::shared_ptr<const job_context> context;
  std::uint32_t index = 0;
  std::optional<gradient_computer> computer; ///< made at the first step
  compat::watcher watched;

  void perform(effects what);

private:
  [[nodiscard]] effects compute(compute_gradient request);
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
