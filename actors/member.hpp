#pragma once

#include "drover/actors/bulk_carrier.hpp"
#include "drover/actors/caf_compat.hpp"
#include "drover/actors/core/shard_core.hpp"
#include "drover/actors/core/worker_core.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace drover {

/// The CAF shell of a member: hosts a shard's core, a worker's, or both in one thread. Turns messages into events of
/// the cores and their effects into messages and computations. Decides nothing.
///
///     spawned --start_shard--> hosts a shard    --(coordinator gone)--> ends, or keeps it until --take_over_shard-->
///             --start_worker-> hosts a worker, until it leaves
///             --restore_shard, ShardValues …--> hosts a shard that stands still --release_shard-->
///
/// Spawn one that will host a worker detached: gradients are computed in its own thread, where a computation holds none
/// of the scheduler's and its result needs no hand-over; messages that come meanwhile wait in the mailbox.
struct member_state {
  member_actor::pointer self = nullptr;
  std::shared_ptr<const job_context> context;
  std::shared_ptr<bulk_carrier> carrier; ///< to other processes; may be none
  bool keeps_shard = false;              ///< when its coordinator is gone
  coordinator_actor coordinator;         ///< none before it hosts something, and while nobody took over a kept shard
  compat::watcher watched;
  std::chrono::steady_clock::time_point begun = std::chrono::steady_clock::now();

  std::unique_ptr<gpu::device> device; ///< the shard's
  std::unique_ptr<shard_core> shard;
  std::unique_ptr<shard_core> arriving; ///< before all of its values are there
  struct known_worker {
    std::uint64_t epoch = 0; ///< in which it joined
    worker_actor handle;
  };
  std::map<std::uint32_t, known_worker> workers; ///< as they made themselves known by pulling, before any push

  std::unique_ptr<worker_core> worker;
  std::optional<gradient_computer> computer; ///< made at the first step
  std::uint32_t worker_index = 0;
  std::vector<shard_actor> shards;                           ///< by index
  std::vector<column_taker_actor> others;                    ///< workers by index, under nomad
  std::vector<message<messages::PassColumns>> early_columns; ///< that came before the worker began
  /// By shard: the epoch of the pull that it answered last, if none is under way. In that life it knows where to
  /// answer; 0: it may not.
  std::vector<std::uint64_t> answered_epochs;

  void host(const start_shard& start);
  void host(start_worker& start);
  void take_over(const coordinator_actor& whom);
  // The shard moves: away from here, or to here.
  /// Throws std::runtime_error where there is none.
  [[nodiscard]] shard_core& hosted_shard();
  [[nodiscard]] frozen_shard freeze();
  [[nodiscard]] bool restore(const restore_shard& from);
  [[nodiscard]] bool restore(const message<messages::ShardValues>& piece);
  void release();
  void find(const find_shard& moved);
  void follow(const coordinator_actor& whom);
  void lose_coordinator(const caf::error& reason);
  /// Who asks is where the answer goes: a worker needs no introduction. One that was replaced is not asked about it.
  /// False for a pull without a sender from one that never asked before: it will ask again.
  [[nodiscard]] bool knows_sender(const message<messages::PullParameters>& pull);
  void remember_answer(const message<messages::ParametersPulled>& answer);
  void perform(effects what);
  /// Seconds since this member was spawned.
  [[nodiscard]] double now() const;

private:
  template <class T>
  void deliver(const address& to, const message<T>& body);
  template <class Handle, class T>
  void send_to(const Handle& to, const message<T>& body);
  [[nodiscard]] effects list(const list_rows& request);
  [[nodiscard]] effects compute(compute_gradient request);
  void leave_worker();
  void watch_shard(const shard_actor& whom);
  [[nodiscard]] bool is_arrived();
};

member_actor::behavior_type member_behavior(member_actor::stateful_pointer<member_state> self,
                                            std::shared_ptr<const job_context> context,
                                            std::shared_ptr<bulk_carrier> carrier, bool keeps_shard);

} // namespace drover
