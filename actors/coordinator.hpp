#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace drover {

/// The CAF shell of a job's coordinator: turns messages into events of `coordinator_core`, with the time since the job
/// began, and its effects into messages and actors. Decides nothing.
struct coordinator_state {
  coordinator_actor::pointer self = nullptr;
  std::shared_ptr<const job_context> context;
  std::unique_ptr<coordinator_core> core;
  observer_actor observer;
  std::vector<member_actor> shards;  ///< by index
  std::vector<member_actor> workers; ///< by index
  evaluator_actor evaluator;
  compat::watcher watched;
  std::chrono::steady_clock::time_point begun;

  void perform(effects&& what);
  void start(const spawn_shard& wanted);
  void start(const spawn_worker& wanted);
  [[nodiscard]] member_actor spawn_member(bool own_thread);
  void end(const finish_job& result);
  [[nodiscard]] double now() const;
  template <class Handle>
  void watch(const Handle& whom, address who);
};

/// `observer` gets `message<messages::Progress>` again and again, then `finish_job` once, last.
coordinator_actor::behavior_type coordinator_behavior(coordinator_actor::stateful_pointer<coordinator_state> self,
                                                      std::shared_ptr<const job_context> context,
                                                      observer_actor observer);

} // namespace drover
