#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/messages/inspect.hpp"
#include "drover/messages/nodes.capnp.h"

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>
#include <caf/result.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drover {

struct job_context;

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

/// Move workers away from a process, at most so many: others have more room, or it will be gone.
struct vacate_host {
  static constexpr auto all = std::numeric_limits<std::uint32_t>::max();
  caf::node_id host;
  std::uint32_t most = all;
};

/// Nothing is heard of a process any more: its workers are to go on elsewhere.
struct lost_host {
  caf::node_id host;
  std::string reason;
};

/// How does the job go? For who asks from this process.
struct look_at_job {};

/// Takes `stop_requested` from anyone; the rest comes from its own members, and what concerns nodes from its places.
using coordinator_actor = caf::typed_actor<
    caf::result<void>(message<messages::WorkerProgress>), caf::result<void>(message<messages::SnapshotTaken>),
    caf::result<void>(message<messages::ShardReport>), caf::result<void>(message<messages::MembershipAdopted>),
    caf::result<void>(message<messages::JoinTraining>), caf::result<void>(message<messages::WorkerLeft>),
    caf::result<void>(message<messages::MemberFailed>), caf::result<void>(evaluated),
    caf::result<void>(evaluation_failed), caf::result<void>(evaluation_progressed), caf::result<void>(timer_fired),
    caf::result<void>(stop_requested), caf::result<void>(vacate_host), caf::result<void>(lost_host),
    caf::result<void>(noted), caf::result<message<messages::JobView>>(look_at_job)>;

/// Host a shard. From its coordinator.
struct start_shard {
  message<messages::HostShard> assignment;
  coordinator_actor coordinator;
};

/// Host a worker that computes in the receiver's thread. From its coordinator.
struct start_worker {
  std::uint32_t worker = 0;
  std::uint64_t life = 0; ///< with which it asks to join, where it has no assignment
  std::optional<message<messages::StartWorker>> assignment;
  std::vector<shard_actor> shards; ///< by index
  coordinator_actor coordinator;
};

/// The coordinator of whoever hosts a shard is gone; answer to this one from now on. From it. Without effect where
/// somebody else did so before.
struct take_over_shard {
  coordinator_actor coordinator;
};

/// From the node, to a member whose trainer is gone: who hosts no shard ends.
struct keep_shard {};

/// Hosts a worker, a shard, or both. Others know it as a `worker_actor` or a `shard_actor`.
using member_actor =
    worker_actor::extend_with<shard_actor>::extend<caf::result<void>(start_shard), caf::result<void>(start_worker),
                                                   caf::result<void>(take_over_shard), caf::result<void>(keep_shard),
                                                   caf::result<void>(timer_fired)>;

// What a job's places are asked by its own process. The answer to `place_member` is one that hosts nothing yet.

struct place_member {
  std::optional<std::uint32_t> shard; ///< which one; without: a worker
};
/// The job begins.
struct serve_coordinator {
  coordinator_actor coordinator;
};

/// To themselves, again and again.
struct look_after_places {};

struct join_job;
struct leave_job;

/// How does the job go, and its nodes?
struct ask_job {
  std::string token;
};

/// The nodes of a job: finds places for its members, and lets nodes come and go. The answers to these requests of nodes
/// say how many workers move.
using places_actor =
    caf::typed_actor<caf::result<void>(serve_coordinator), caf::result<member_actor>(place_member),
                     caf::result<std::uint32_t>(join_job), caf::result<std::uint32_t>(leave_job),
                     caf::result<message<messages::JobStatus>>(ask_job), caf::result<void>(look_after_places)>;

// What a node is asked. Each request carries the token that its node was started with.

struct ask_status {
  std::string token;
};

/// The samples to train on from this one on, as many as fit a message; a trainer is asked by a node.
struct ask_data {
  std::string token;
  std::uint64_t first = 0;
};

/// Gives a job's data to nodes that do not read them.
using data_sender_actor = caf::typed_actor<caf::result<message<messages::DataSlice>>(ask_data)>;

struct prepare_job {
  std::string token;
  message<messages::PrepareJob> what;
  places_actor places;                   ///< of that job, to be told when the node is to be left
  std::optional<data_sender_actor> data; ///< whom to ask for the data, where the node is not to read them
};

/// Make sure that there is a direct way to these nodes, each at `host:port`, and one for bulk both ways. The answer is
/// how many there are.
struct connect_nodes {
  struct peer {
    std::string address;
    caf::node_id identity;       ///< of who is to be found there
    std::uint16_t data_port = 0; ///< as in its NodeStatus
    std::string data_token;
  };
  std::string token;
  std::vector<peer> peers;
};

/// A member of a job that was prepared; it is told later what to host.
struct spawn_member {
  std::string token;
  std::string job;
  std::optional<std::uint32_t> shard; ///< which one it will host; without: a worker
};

/// Hand over the shards of a job whose trainer is gone; who asks is its trainer then.
struct take_shards {
  std::string token;
  std::string job;
};
struct kept_shards {
  struct one {
    std::uint32_t index = 0;
    member_actor member;
  };
  message<messages::PrepareJob> what;
  std::vector<one> shards;
};

/// A node to itself: that job was kept for long enough, unless somebody took it over since.
struct forget_job {
  std::string job;
  std::uint64_t kept = 0; ///< since which loss of a trainer
};

/// Let the workers here go on elsewhere; no more members are taken. The answer, when they are gone, is how many they
/// were. Refused where a shard is here, or where there is no other node.
struct drain_node {
  std::string token;
};

/// A process that takes part in jobs. Every request may be refused with an error that holds a sentence. To have a job
/// prepared again is to ask how that went.
using node_actor = caf::typed_actor<
    caf::result<message<messages::NodeStatus>>(ask_status), caf::result<message<messages::JobPrepared>>(prepare_job),
    caf::result<std::uint32_t>(connect_nodes), caf::result<member_actor>(spawn_member),
    caf::result<std::uint32_t>(drain_node), caf::result<kept_shards>(take_shards), caf::result<void>(forget_job)>;

/// A node wants to take part in a job that runs.
struct join_job {
  std::string token;
  std::string address; ///< at which other nodes reach it
  node_actor node;
};

/// A node will be gone.
struct leave_job {
  std::string token;
  node_actor node;
};

/// Reads a job's data and makes its plan, which takes long, in a thread of its own; then it ends.
struct loaded_job {
  std::shared_ptr<const job_context> context;
};
using job_loader_actor = caf::typed_actor<caf::result<loaded_job>(prepare_job)>;

template <class Inspector>
bool inspect(Inspector& f, start_shard& x) {
  return f.object(x).fields(f.field("assignment", x.assignment), f.field("coordinator", x.coordinator));
}

template <class Inspector>
bool inspect(Inspector& f, start_worker& x) {
  return f.object(x).fields(f.field("worker", x.worker), f.field("life", x.life), f.field("assignment", x.assignment),
                            f.field("shards", x.shards), f.field("coordinator", x.coordinator));
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
bool inspect(Inspector& f, take_over_shard& x) {
  return f.object(x).fields(f.field("coordinator", x.coordinator));
}

/// Opens the ways for bulk to these nodes, which takes long, in a thread of its own; then it ends.
using link_opener_actor = caf::typed_actor<caf::result<std::uint32_t>(connect_nodes)>;

/// Watches a job: many reports, then how it ended, once.
using observer_actor = caf::typed_actor<caf::result<void>(message<messages::Progress>), caf::result<void>(finish_job)>;

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
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::look_at_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluate_parameters)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluated)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluation_failed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::evaluation_progressed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::timer_fired)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::stop_requested)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(drover::finish_job)
