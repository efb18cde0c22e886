#pragma once

#include "drover/actors/actor_types.hpp"
#include "drover/messages/inspect.hpp"

#include <caf/type_id.hpp>

// How what actors send each other is serialised, and under which numbers.

namespace drover {

template <class Inspector>
bool inspect(Inspector& f, start_shard& x) {
  return f.object(x).fields(f.field("assignment", x.assignment), f.field("coordinator", x.coordinator));
}

template <class Inspector>
bool inspect(Inspector& f, start_worker& x) {
  return f.object(x).fields(f.field("worker", x.worker), f.field("life", x.life), f.field("assignment", x.assignment),
                            f.field("shards", x.shards), f.field("coordinator", x.coordinator),
                            f.field("others", x.others));
}

template <class Inspector>
bool inspect(Inspector& f, ask_status& x) {
  return f.object(x).fields(f.field("token", x.token));
}

template <class Inspector>
bool inspect(Inspector& f, prepare_job& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("what", x.what), f.field("places", x.places),
                            f.field("data", x.data));
}

template <class Inspector>
bool inspect(Inspector& f, ask_data& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("first", x.first));
}

template <class Inspector>
bool inspect(Inspector& f, ask_job& x) {
  return f.object(x).fields(f.field("token", x.token));
}

template <class Inspector>
bool inspect(Inspector& f, drain_node& x) {
  return f.object(x).fields(f.field("token", x.token));
}

template <class Inspector>
bool inspect(Inspector& f, join_job& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("address", x.address), f.field("node", x.node));
}

template <class Inspector>
bool inspect(Inspector& f, leave_job& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("node", x.node));
}

template <class Inspector>
bool inspect(Inspector& f, connect_nodes::peer& x) {
  return f.object(x).fields(f.field("address", x.address), f.field("identity", x.identity),
                            f.field("data_port", x.data_port), f.field("data_token", x.data_token));
}

template <class Inspector>
bool inspect(Inspector& f, connect_nodes& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("peers", x.peers));
}

template <class Inspector>
bool inspect(Inspector& f, spawn_member& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("job", x.job), f.field("shard", x.shard));
}

template <class Inspector>
bool inspect(Inspector& f, take_shards& x) {
  return f.object(x).fields(f.field("token", x.token), f.field("job", x.job));
}

template <class Inspector>
bool inspect(Inspector& f, kept_shards::one& x) {
  return f.object(x).fields(f.field("index", x.index), f.field("member", x.member));
}

template <class Inspector>
bool inspect(Inspector& f, kept_shards& x) {
  return f.object(x).fields(f.field("what", x.what), f.field("shards", x.shards));
}

template <class Inspector>
bool inspect(Inspector& f, freeze_shard& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, frozen_shard::known_worker& x) {
  return f.object(x).fields(f.field("worker", x.worker), f.field("epoch", x.epoch), f.field("handle", x.handle));
}

template <class Inspector>
bool inspect(Inspector& f, frozen_shard& x) {
  return f.object(x).fields(f.field("state", x.state), f.field("workers", x.workers));
}

template <class Inspector>
bool inspect(Inspector& f, ask_values& x) {
  return f.object(x).fields(f.field("first", x.first));
}

template <class Inspector>
bool inspect(Inspector& f, restore_shard& x) {
  return f.object(x).fields(f.field("assignment", x.assignment), f.field("from", x.from),
                            f.field("coordinator", x.coordinator));
}

template <class Inspector>
bool inspect(Inspector& f, release_shard& x) {
  return f.object(x).fields();
}

template <class Inspector>
bool inspect(Inspector& f, find_shard& x) {
  return f.object(x).fields(f.field("shard", x.shard), f.field("place", x.place));
}

template <class Inspector>
bool inspect(Inspector& f, take_over_shard& x) {
  return f.object(x).fields(f.field("coordinator", x.coordinator));
}

} // namespace drover

CAF_BEGIN_TYPE_ID_BLOCK(drover, caf::first_custom_type_id)
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::PullParameters>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::ParametersPulled>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::PushGradient>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::GradientApplied>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::TakeSnapshot>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::SnapshotTaken>))
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
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::NodeStatus>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::PrepareJob>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::JobPrepared>))
CAF_ADD_TYPE_ID(drover, (drover::shard_actor))
CAF_ADD_TYPE_ID(drover, (drover::coordinator_actor))
CAF_ADD_TYPE_ID(drover, (drover::member_actor))
CAF_ADD_TYPE_ID(drover, (drover::start_shard))
CAF_ADD_TYPE_ID(drover, (drover::start_worker))
CAF_ADD_TYPE_ID(drover, (drover::ask_status))
CAF_ADD_TYPE_ID(drover, (drover::prepare_job))
CAF_ADD_TYPE_ID(drover, (drover::connect_nodes))
CAF_ADD_TYPE_ID(drover, (drover::spawn_member))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::JobView>))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::JobStatus>))
CAF_ADD_TYPE_ID(drover, (drover::ask_job))
CAF_ADD_TYPE_ID(drover, (drover::drain_node))
CAF_ADD_TYPE_ID(drover, (drover::join_job))
CAF_ADD_TYPE_ID(drover, (drover::leave_job))
CAF_ADD_TYPE_ID(drover, (drover::node_actor))
CAF_ADD_TYPE_ID(drover, (drover::places_actor))
CAF_ADD_TYPE_ID(drover, (drover::take_over_shard))
CAF_ADD_TYPE_ID(drover, (drover::take_shards))
CAF_ADD_TYPE_ID(drover, (drover::kept_shards))
CAF_ADD_TYPE_ID(drover, (drover::keep_shard))
CAF_ADD_TYPE_ID(drover, (drover::forget_job))
CAF_ADD_TYPE_ID(drover, (drover::loaded_job))
CAF_ADD_TYPE_ID(drover, (drover::place_member))
CAF_ADD_TYPE_ID(drover, (drover::serve_coordinator))
CAF_ADD_TYPE_ID(drover, (drover::vacate_host))
CAF_ADD_TYPE_ID(drover, (drover::lost_host))
CAF_ADD_TYPE_ID(drover, (drover::look_after_places))
CAF_ADD_TYPE_ID(drover, (drover::noted))
CAF_ADD_TYPE_ID(drover, (drover::look_at_job))
CAF_ADD_TYPE_ID(drover, (drover::evaluate_parameters))
CAF_ADD_TYPE_ID(drover, (drover::evaluated))
CAF_ADD_TYPE_ID(drover, (drover::evaluation_failed))
CAF_ADD_TYPE_ID(drover, (drover::evaluation_progressed))
CAF_ADD_TYPE_ID(drover, (drover::timer_fired))
CAF_ADD_TYPE_ID(drover, (drover::stop_requested))
CAF_ADD_TYPE_ID(drover, (drover::finish_job))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::DataSlice>))
CAF_ADD_TYPE_ID(drover, (drover::ask_data))
CAF_ADD_TYPE_ID(drover, (drover::data_sender_actor))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::ShardValues>))
CAF_ADD_TYPE_ID(drover, (drover::freeze_shard))
CAF_ADD_TYPE_ID(drover, (drover::frozen_shard))
CAF_ADD_TYPE_ID(drover, (drover::ask_values))
CAF_ADD_TYPE_ID(drover, (drover::restore_shard))
CAF_ADD_TYPE_ID(drover, (drover::release_shard))
CAF_ADD_TYPE_ID(drover, (drover::find_shard))
CAF_ADD_TYPE_ID(drover, (drover::move_shard))
CAF_ADD_TYPE_ID(drover, (drover::shard_copied))
CAF_ADD_TYPE_ID(drover, (drover::shard_not_copied))
CAF_ADD_TYPE_ID(drover, (drover::refuse_drains))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::PassColumns>))
CAF_ADD_TYPE_ID(drover, (drover::column_taker_actor))
CAF_ADD_TYPE_ID(drover, (drover::message<drover::messages::LeaseSlices>))
CAF_END_TYPE_ID_BLOCK(drover)

// These never leave a process: they refer to memory that only one has, or are for nobody else to say.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::keep_shard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::forget_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::loaded_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::place_member)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::serve_coordinator)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::vacate_host)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::lost_host)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::look_after_places)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::noted)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::move_shard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::shard_copied)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::shard_not_copied)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::refuse_drains)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::look_at_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluate_parameters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluated)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluation_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluation_progressed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::timer_fired)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::stop_requested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::finish_job)
