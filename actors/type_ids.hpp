#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/messages/inspect.hpp"

#include <caf/fwd.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <optional>
#include <string>
#include <vector>

namespace drover {

// The typed interfaces of the actors.

/// Tests parameters for the coordinator, in a thread of its own.
using evaluator_actor = caf::typed_actor<caf::result<void>(evaluate_parameters)>;

using worker_actor =
    caf::typed_actor<caf::result<void>(message<messages::ParametersPulled>),
                     caf::result<void>(message<messages::GradientApplied>),
                     caf::result<void>(message<messages::StopTraining>),
                     caf::result<void>(message<messages::StartWorker>), caf::result<void>(message<messages::Dismiss>)>;

using shard_actor = caf::typed_actor<
    caf::result<void>(message<messages::PullParameters>), caf::result<void>(message<messages::PushGradient>),
    caf::result<void>(message<messages::ChangeMembership>), caf::result<void>(message<messages::TakeSnapshot>),
    caf::result<void>(message<messages::TakeReport>)>;

/// Host a worker that computes in the receiver's thread. From its coordinator.
struct start_worker {
  message<messages::StartWorker> assignment;
  std::vector<shard_actor> shards; ///< by index
};

/// What a coordinator spawns: hosts a worker, a shard, or both. Others know it as a `worker_actor` or a `shard_actor`.
using member_actor =
    worker_actor::extend_with<shard_actor>::extend<caf::result<void>(message<messages::HostShard>),
                                                   caf::result<void>(start_worker), caf::result<void>(timer_fired)>;

/// Watches a job: many reports, then how it ended, once.
using observer_actor = caf::typed_actor<caf::result<void>(message<messages::Progress>), caf::result<void>(finish_job)>;

/// Takes `stop_requested` from anyone; the rest comes from its own members.
using coordinator_actor = caf::typed_actor<
    caf::result<void>(message<messages::WorkerProgress>), caf::result<void>(message<messages::SnapshotTaken>),
    caf::result<void>(message<messages::ShardReport>), caf::result<void>(message<messages::MembershipAdopted>),
    caf::result<void>(message<messages::JoinTraining>), caf::result<void>(message<messages::WorkerLeft>),
    caf::result<void>(message<messages::MemberFailed>), caf::result<void>(evaluated),
    caf::result<void>(evaluation_failed), caf::result<void>(evaluation_progressed), caf::result<void>(timer_fired),
    caf::result<void>(stop_requested)>;

} // namespace drover

CAF_BEGIN_TYPE_ID_BLOCK(drover, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::PullParameters>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::ParametersPulled>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::PushGradient>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::GradientApplied>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::TakeSnapshot>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::SnapshotTaken>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::HostShard>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::ChangeMembership>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::MembershipAdopted>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::JoinTraining>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::StartWorker>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::Dismiss>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::StopTraining>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::WorkerLeft>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::MemberFailed>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::WorkerProgress>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::TakeReport>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::ShardReport>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::Progress>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::Summary>))
CAF_ADD_TYPE_ID(drover, (drover::start_worker))
CAF_ADD_TYPE_ID(drover, (drover::evaluate_parameters))
CAF_ADD_TYPE_ID(drover, (drover::evaluated))
CAF_ADD_TYPE_ID(drover, (drover::evaluation_failed))
CAF_ADD_TYPE_ID(drover, (drover::evaluation_progressed))
CAF_ADD_TYPE_ID(drover, (drover::timer_fired))
CAF_ADD_TYPE_ID(drover, (drover::stop_requested))
CAF_ADD_TYPE_ID(drover, (drover::finish_job))
CAF_END_TYPE_ID_BLOCK(drover)

// These never leave a process: they refer to memory that only one has.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::start_worker)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluate_parameters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluated)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluation_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluation_progressed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::timer_fired)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::stop_requested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::finish_job)
