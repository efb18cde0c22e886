#pragma once

#include "drover/actors/core/address.hpp"
#include "drover/actors/core/block_turn.hpp"
#include "drover/actors/core/snapshot.hpp"
#include "drover/messages/bulk.hpp"
#include "drover/messages/membership.capnp.h"
#include "drover/messages/message.hpp"
#include "drover/messages/telemetry.capnp.h"
#include "drover/messages/training.capnp.h"
#include "drover/models/batch.hpp"
#include "drover/models/data/slice_lease.hpp"
#include "drover/models/row_keys.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace drover {

// A core takes events and returns effects, in the order in which they are to happen. What stands here is all that a
// core can ask of the world; CAF's shells and the simulator each have one place that carries effects out.

/// Everything that members send each other.
using protocol_message =
    std::variant<message<messages::PullParameters>, message<messages::ParametersPulled>,
                 message<messages::PushGradient>, message<messages::GradientApplied>, message<messages::TakeSnapshot>,
                 message<messages::SnapshotTaken>, message<messages::ChangeMembership>, message<messages::StopTraining>,
                 message<messages::MembershipAdopted>, message<messages::JoinTraining>, message<messages::StartWorker>,
                 message<messages::Dismiss>, message<messages::WorkerLeft>, message<messages::MemberFailed>,
                 message<messages::WorkerProgress>, message<messages::TakeReport>, message<messages::ShardReport>,
                 message<messages::PassColumns>, message<messages::LeaseSlices>>;

/// Send a message. It may be lost, doubled or overtaken on its way: whoever needs an answer asks again.
struct send {
  address to;
  protocol_message what;
};

/// Worker: find out which rows of sparse tables a step needs, and answer with `rows_listed`, at once.
struct list_rows {
  std::uint64_t clock = 0;
  slice_lease lease = {}; ///< of the step's samples, beside the worker's own
};

/// Worker: compute the gradient of one step and answer with `gradient_computed`.
struct compute_gradient {
  std::uint64_t clock = 0;
  model_snapshot parameters; ///< without tables
  /// Of each table the rows that were listed, in the order of their keys.
  std::vector<shared_bulk> rows = {};
  std::optional<block_turn> block = {}; ///< what of the data, where the consistency says so; else the clock says it
  slice_lease lease = {};               ///< and this, the same as when rows were listed
};

/// Coordinator: start a shard, or a worker, and watch it: its end is a `member_down`.
struct spawn_shard {
  std::uint32_t index = 0;
  message<messages::HostShard> assignment;
  bool own_thread = false; ///< its updates take long, or a worker will compute in the same thread
};
struct spawn_worker {
  std::uint32_t index = 0;
  message<messages::StartWorker> assignment;
  bool beside_shard = false; ///< in the thread of shard 0; else in one of its own
  bool knows_others = false; ///< it sends to other workers
};

/// Coordinator: find a place for a worker that was lost, and answer with `place_found` or `place_missing`.
struct find_place {
  std::uint32_t worker = 0;
};

/// Coordinator, after `place_found`: start the worker there; it asks to join.
struct start_replacement {
  std::uint32_t worker = 0;
  std::uint64_t life = 0;
};

/// Coordinator: copy a shard to the place that was found for it. There it begins with this assignment, here it stands
/// still from now on. Answer with `shard_copied` or `shard_not_copied`.
struct copy_shard {
  std::uint32_t shard = 0;
  message<messages::HostShard> assignment;
};
/// Coordinator, after `shard_copied`: end the one that stands still, for good; then the other is the shard. Answer with
/// `shard_replaced`.
struct replace_shard {
  std::uint32_t shard = 0;
};
/// Coordinator, after `shard_not_copied`: the shard goes on where it is.
struct thaw_shard {
  std::uint32_t shard = 0;
};
/// Coordinator: tell every worker where the shard is; there it is a `shard_moved`.
struct tell_place {
  std::uint32_t shard = 0;
};

/// Coordinator: test these parameters and answer with `evaluated`.
struct evaluate_parameters {
  std::uint64_t request = 0;
  model_snapshot parameters;
};

/// Coordinator: tell whoever watches the job.
struct notify {
  message<messages::Progress> progress;
};

/// Send the core a `timer_fired` with this id after so long.
struct set_timer {
  std::uint32_t id = 0;
  double seconds = 0;
};

/// Coordinator: the job is over; end every member, then hand this over.
struct finish_job {
  message<messages::Summary> summary;
  std::optional<model_snapshot> parameters;
};

/// Worker: it is done. Its member ends, unless it hosts a shard as well.
struct leave {};

using effect = std::variant<send, list_rows, compute_gradient, spawn_shard, spawn_worker, find_place, start_replacement,
                            copy_shard, replace_shard, thaw_shard, tell_place, evaluate_parameters, notify, set_timer,
                            finish_job, leave>;
using effects = std::vector<effect>;

/// Answer to `list_rows`.
struct rows_listed {
  std::uint64_t clock = 0;
  std::vector<row_keys> keys; ///< of each key space
};

/// The same where it could not be done.
struct listing_failed {
  std::string sentence;
};

/// Answer to `compute_gradient`.
struct gradient_computed {
  std::uint64_t clock = 0;
  batch_result result;
  /// Euclidean norm before clipping; 0 where nobody asked for it.
  double norm = 0;
  /// One float for each float of the layout's flat range, padding 0. Null where that is empty, or the step was done in
  /// place.
  shared_bulk gradient;
  /// Of each table the gradients of the rows that were listed.
  std::vector<shared_bulk> rows = {};
  /// In place: see in_place_result.
  std::uint64_t watched = 0;
  std::uint64_t lost = 0;
};

/// The same where it could not be done.
struct computation_failed {
  std::string sentence;
};

/// Answer to `evaluate_parameters`.
struct evaluated {
  std::uint64_t request = 0;
  batch_result result;
};

/// The same where it could not be done.
struct evaluation_failed {
  std::string sentence;
};

/// Before that, again and again: some more samples are tested, so that waiting for the answer makes sense.
struct evaluation_progressed {};

/// What was asked for by `set_timer`.
struct timer_fired {
  std::uint32_t id = 0;
};

/// A member's actor is gone. After `leave` as well, when it is no news: who has left is no member any more.
struct member_down {
  address who;
  std::string reason;
  bool host_lost = false; ///< its process is gone, through no fault of the job's: another may do its work
};

/// Answers to `find_place`.
struct place_found {
  std::uint32_t worker = 0;
};
struct place_missing {
  std::uint32_t worker = 0;
};

/// A worker shall go on elsewhere: others need the room, or its node will be gone.
struct worker_moves {
  std::uint32_t worker = 0;
};

/// A shard shall go on elsewhere, where a place was found for it: its node will be gone.
struct shard_moves {
  std::uint32_t shard = 0;
};
/// Answers to `copy_shard`, and to `replace_shard`.
struct shard_copied {
  std::uint32_t shard = 0;
};
struct shard_not_copied {
  std::uint32_t shard = 0;
  std::string reason;
};
struct shard_replaced {
  std::uint32_t shard = 0;
};

/// Worker: what it asked this shard meanwhile was lost.
struct shard_moved {
  std::uint32_t shard = 0;
};

/// Something that the summary is to mention, for people.
struct noted {
  std::string sentence;
};

/// Somebody wants the job to end early.
struct stop_requested {};

} // namespace drover
