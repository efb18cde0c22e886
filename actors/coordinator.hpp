#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <caf/typed_response_promise.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace drover {

/// Members that were spawned already, in other processes as a rule, and host nothing yet.
struct placed_members {
  std::vector<member_actor> shards;          ///< by index
  std::vector<member_actor> workers;         ///< by index; empty where the job's only worker is beside its only shard
  places_actor places;                       ///< is told of the job, and finds places for whom was lost elsewhere
  std::map<caf::node_id, std::string> hosts; ///< where shards are: addresses, for sentences
  bool shards_begun = false;                 ///< another coordinator left them behind
};

/// The CAF shell of a job's coordinator: turns messages into events of `coordinator_core`, with the time since the job
/// began, and its effects into messages and actors. Decides nothing.
struct coordinator_state {
  coordinator_actor::pointer self = nullptr;
  std::shared_ptr<const job_context> context;
  std::unique_ptr<coordinator_core> core;
  observer_actor observer;
  placed_members placed;             ///< where there are none, members are spawned beside the coordinator
  std::vector<member_actor> shards;  ///< by index
  std::vector<member_actor> workers; ///< by index; none where it was not started yet
  // A shard that moves, and who asked for it.
  struct moving_shard {
    member_actor place;
    caf::actor mover;
    caf::typed_response_promise<void> asked;
    bool is_copied = false; ///< the former one is to end
  };
  std::map<std::uint32_t, moving_shard> moving;
  std::vector<caf::typed_response_promise<void>> asked_at_end; ///< to move shards, when the job ended already
  member_actor found; ///< a place for a worker that was lost, while the core is asked whether it wants it
  evaluator_actor evaluator;
  compat::watcher watched;
  std::chrono::steady_clock::time_point begun;

  void begin();
  void perform(effects&& what);
  void start(const spawn_shard& wanted);
  void start(const spawn_worker& wanted);
  void find(std::uint32_t worker);
  void start(const start_replacement& wanted);
  void vacate(const vacate_host& what);
  [[nodiscard]] caf::result<void> move(const move_shard& what);
  void start(const copy_shard& wanted);
  void start(const replace_shard& wanted);
  /// Where that shard was to end for another to take its place. Otherwise nothing happens, and this is false.
  [[nodiscard]] bool replace(std::uint32_t shard);
  void fail_move(const shard_not_copied& what);
  void tell_place(std::uint32_t shard);
  void lose(const lost_host& what);
  [[nodiscard]] message<messages::JobView> look();
  [[nodiscard]] member_actor spawn_member(bool own_thread);
  /// Whether what was received comes from a worker that another took the place of. It is told to end.
  template <class T>
  [[nodiscard]] bool is_from_replaced(const message<T>& said);
  void end(const finish_job& result);
  [[nodiscard]] double now() const;
  void watch(const member_actor& whom, address who);
};

/// `observer` gets `message<messages::Progress>` again and again, then `finish_job` once, last.
coordinator_actor::behavior_type coordinator_behavior(coordinator_actor::stateful_pointer<coordinator_state> self,
                                                      std::shared_ptr<const job_context> context,
                                                      observer_actor observer, placed_members placed);

} // namespace drover
