#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/messages/nodes.capnp.h"
#include "drover/messages/shard_state.capnp.h"

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>
#include <caf/result.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace drover {

struct job_context;

// The typed interfaces of the actors.

/// Tests parameters for the coordinator, in a thread of its own.
using evaluator_actor = caf::typed_actor<caf::result<void>(evaluate_parameters)>;

using worker_actor = caf::typed_actor<
    caf::result<void>(message<messages::ParametersPulled>), caf::result<void>(message<messages::GradientApplied>),
    caf::result<void>(message<messages::LeaseSlices>), caf::result<void>(message<messages::StopTraining>),
    caf::result<void>(message<messages::StartWorker>), caf::result<void>(message<messages::Dismiss>)>;

using shard_actor = caf::typed_actor<
    caf::result<void>(message<messages::PullParameters>), caf::result<void>(message<messages::PushGradient>),
    caf::result<void>(message<messages::ChangeMembership>), caf::result<void>(message<messages::TakeSnapshot>),
    caf::result<void>(message<messages::TakeReport>)>;

/// Takes columns that travel, under nomad.
using column_taker_actor = caf::typed_actor<caf::result<void>(message<messages::PassColumns>)>;

/// Move workers away from a process, at most so many: others have more room, or it will be gone.
struct vacate_host {
  static constexpr auto all = std::numeric_limits<std::uint32_t>::max();
  caf::node_id host;
  std::uint32_t most = all;
  std::set<std::uint32_t> stay = {}; ///< workers that cannot be where the room is
};

/// Nothing is heard of a process any more: its workers are to go on elsewhere.
struct lost_host {
  caf::node_id host;
  std::string reason;
};

/// How does the job go? For who asks from this process.
struct look_at_job {};

struct move_shard;

/// Takes `stop_requested` from anyone; the rest comes from its own members, and what concerns nodes from its places.
using coordinator_actor = caf::typed_actor<
    caf::result<void>(message<messages::WorkerProgress>), caf::result<void>(message<messages::SnapshotTaken>),
    caf::result<void>(message<messages::ShardReport>), caf::result<void>(message<messages::MembershipAdopted>),
    caf::result<void>(message<messages::JoinTraining>), caf::result<void>(message<messages::WorkerLeft>),
    caf::result<void>(message<messages::MemberFailed>), caf::result<void>(evaluated),
    caf::result<void>(evaluation_failed), caf::result<void>(evaluation_progressed), caf::result<void>(timer_fired),
    caf::result<void>(stop_requested), caf::result<void>(vacate_host), caf::result<void>(lost_host),
    caf::result<void>(noted), caf::result<message<messages::JobView>>(look_at_job), caf::result<void>(move_shard),
    caf::result<void>(shard_copied), caf::result<void>(shard_not_copied)>;

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
  std::vector<column_taker_actor> others = {}; ///< workers by index, itself among them, where they send to each other
};

/// The coordinator of whoever hosts a shard is gone; answer to this one from now on. From it. Without effect where
/// somebody else did so before.
struct take_over_shard {
  coordinator_actor coordinator;
};

/// From the node, to a member whose trainer is gone: who hosts no shard ends.
struct keep_shard {};

// A shard that moves: from its coordinator, and from whoever copies it for that.

/// Stand still. The answer is what you hold, but for the values.
struct freeze_shard {};
struct frozen_shard {
  struct known_worker {
    std::uint32_t worker = 0;
    std::uint64_t epoch = 0; ///< in which it joined
    caf::strong_actor_ptr handle;
  };
  message<messages::ShardState> state;
  std::vector<known_worker> workers;
};
/// A piece of the values, from this one on.
struct ask_values {
  std::uint64_t first = 0;
};
/// Stand still in the place of that one; its values come next. Answers, here and to each piece, whether all are there.
struct restore_shard {
  message<messages::HostShard> assignment;
  frozen_shard from;
  coordinator_actor coordinator;
};
/// Go on, as who stood still or in the place of who did.
struct release_shard {};
/// To a worker: a shard is there from now on.
struct find_shard {
  std::uint32_t shard = 0;
  shard_actor place;
};

/// Hosts a worker, a shard, or both. Others know it as a `worker_actor` or a `shard_actor`.
using member_actor = worker_actor::extend_with<shard_actor>::extend_with<column_taker_actor>::extend<
    caf::result<void>(start_shard), caf::result<void>(start_worker), caf::result<void>(take_over_shard),
    caf::result<void>(keep_shard), caf::result<frozen_shard>(freeze_shard),
    caf::result<message<messages::ShardValues>>(ask_values), caf::result<bool>(restore_shard),
    caf::result<bool>(message<messages::ShardValues>), caf::result<void>(release_shard), caf::result<void>(find_shard),
    caf::result<void>(timer_fired)>;

/// Have a shard go on in this place, which hosts nothing yet. The answer comes when it does; an error where it stays.
struct move_shard {
  std::uint32_t shard = 0;
  member_actor place;
  std::string host; ///< its address, for sentences
};

// What a job's places are asked by its own process. The answer to `place_member` is one that hosts nothing yet.

struct place_member {
  std::optional<std::uint32_t> shard; ///< which one; without: a worker
  std::string device = "cpu";         ///< that it computes on: cpu, auto, cuda or cuda:N
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

/// The nodes of a job: finds places for its members, and lets nodes come and go. A node that joins is told how many
/// workers move to it; one that leaves is answered when its shards have gone.
using places_actor =
    caf::typed_actor<caf::result<void>(serve_coordinator), caf::result<member_actor>(place_member),
                     caf::result<std::uint32_t>(join_job), caf::result<void>(leave_job),
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

/// A node to itself: whoever wants it drained is not waited for any more, if that job is still kept then.
struct refuse_drains {
  std::string job;
  std::uint64_t kept = 0; ///< since which loss of a trainer
};

/// Let the members here go on elsewhere; no more are taken. The answer, when they are gone, is how many workers they
/// were. Refused where there is no other node.
struct drain_node {
  std::string token;
};

/// A process that takes part in jobs. Every request may be refused with an error that holds a sentence. To have a job
/// prepared again is to ask how that went.
using node_actor = caf::typed_actor<caf::result<message<messages::NodeStatus>>(ask_status),
                                    caf::result<message<messages::JobPrepared>>(prepare_job),
                                    caf::result<std::uint32_t>(connect_nodes), caf::result<member_actor>(spawn_member),
                                    caf::result<std::uint32_t>(drain_node), caf::result<kept_shards>(take_shards),
                                    caf::result<void>(forget_job), caf::result<void>(refuse_drains)>;

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

/// Opens the ways for bulk to these nodes, which takes long, in a thread of its own; then it ends.
using link_opener_actor = caf::typed_actor<caf::result<std::uint32_t>(connect_nodes)>;

/// Watches a job: many reports, then how it ended, once.
using observer_actor = caf::typed_actor<caf::result<void>(message<messages::Progress>), caf::result<void>(finish_job)>;

} // namespace drover
