# Who belongs to a job and what each member does: between the coordinator and the others. No bulk data.
#
#     coordinator --- HostShard -----------> shard       once, first
#     coordinator --- StartWorker ---------> worker      once, when all shards are there; again for one that joins later
#     coordinator --- ChangeMembership ----> shard       whenever somebody joins or leaves, until the shard adopted it
#     shard --------- MembershipAdopted ---> coordinator
#     coordinator --- LeaseSlices ---------> worker      whenever it changes whose samples lost workers' are, until it says so
#     coordinator --- StopTraining --------> worker      finish the step under way, then leave; again does nothing
#     worker -------- JoinTraining --------> coordinator a worker that is not, or no longer, a member asks to be one
#     worker -------- WorkerLeft ----------> coordinator repeated until Dismiss comes
#     any member ---- MemberFailed --------> coordinator ends the job with its sentence; a worker repeats it until Dismiss
#     coordinator --- Dismiss -------------> worker      you are no member (any more)
#
# A worker *joins* at a clock that no shard has passed, so that the staleness bound holds for everybody: the coordinator
# names one to all shards, each adopts it or, where it is further already, its own; where they differ the coordinator names
# the largest, and starts the worker when all shards have adopted the same.

@0x9b4e7d20f5c1a836;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

using Job = import "job.capnp".Job;

struct Member {
  # A worker whose clock counts.

  worker @0 :UInt32;
  clock @1 :UInt64;
  # Steps that count as completed when it joins: 0 at the start of a job.
  joined @2 :UInt64;
  # Epoch in which it joined. A shard that knows this worker with an older one forgets what it knew.
}

struct HostShard {
  # coordinator -> shard: which blocks to hold. The shard makes their initial values itself, from the job's seed.

  job @0 :Job;
  # Complete and checked: every default is filled in.
  shard @1 :UInt32;
  blocks @2 :List(UInt32);
  # Indices into the layout of the job's model, ascending.
  stepsPerWorker @3 :UInt64;
  # Steps of one worker over the whole job: what the learning rate's schedule runs over.
  stepsPerEpoch @4 :UInt64;
  membership @5 :ChangeMembership;
  # The members to begin with.
}

struct StartWorker {
  # coordinator -> worker: compute the steps from `stepFirst` to `steps` - 1.

  job @0 :Job;
  # Complete and checked: every default is filled in.
  worker @1 :UInt32;
  epoch @2 :UInt64;
  # Membership epoch in which this worker joined: its life's name.
  shardOfBlock @3 :List(UInt32);
  # For each block of the layout the shard that holds it.
  stepFirst @4 :UInt64;
  # Clock to start at.
  steps @5 :UInt64;
  # Clock at which this worker is done.
  stepsPerEpoch @6 :UInt64;
  pushCredits @7 :UInt32;
  # Pushes that may be unacknowledged at each shard. The shard refuses more.
  life @8 :UInt64;
  # Of the JoinTraining that this answers; 0 for a worker that begins with the job. A worker ignores what another life was
  # told.
}

struct ChangeMembership {
  # coordinator -> shard: the members from now on, all of them. Who is not named has left: its clock holds nobody back.

  epoch @0 :UInt64;
  # Grows by one with each change. A shard ignores an epoch that is not newer than its own.
  members @1 :List(Member);
  # Ascending by worker.
}

struct MembershipAdopted {
  # shard -> coordinator: this shard counts these members from now on.

  shard @0 :UInt32;
  epoch @1 :UInt64;
  # Of the ChangeMembership that this answers.
  members @2 :List(Member);
  # With the clocks at this shard. That of a worker that joins is the one that the coordinator named, or a larger one.
}

struct JoinTraining {
  # worker -> coordinator: "I have nothing to do; let me take part." Repeated until StartWorker or Dismiss comes.

  worker @0 :UInt32;
  life @1 :UInt64;
  # Tells the lives of one worker apart: a request with the same life is a repetition.
}

struct Dismiss {
  # coordinator -> worker: you are not a member. To a worker that was taken for dead: ask to join again. To JoinTraining:
  # there is nothing to join.

  epoch @0 :UInt64;
  # Of the message that this answers; 0 for JoinTraining.
  farewell @1 :Bool;
  # That message was WorkerLeft or MemberFailed: it was understood. A worker that has said one goes on repeating it until
  # this is true: an answer to what it said before does not mean that its farewell was heard.
}

struct LeaseSlices {
  # coordinator -> worker: from the next step on that you have not begun, take your piece of these slices of the data beside
  # your own. Replaces what was leased before. Never sent where no worker was lost.

  epoch @0 :UInt64;
  # Of the worker that this goes to: in which it joined. It ignores what an earlier life of it was told.
  number @1 :UInt64;
  # The membership epoch with which this lease begins. A worker ignores one that is not newer than its own, and tells in
  # WorkerProgress which it has: the coordinator repeats what is not there.
  slices @2 :List(Slice);
  # Ascending by worker; none where all workers train, or are done.
  piece @3 :UInt32;
  # The worker's, below `pieces`. In step t it takes piece (piece + t) modulo pieces of each slice.
  pieces @4 :UInt32;
  # At least 1.

  struct Slice {
    worker @0 :UInt32;
    # Lost: the slice was its own.
    from @1 :UInt64;
    # First step of which the coordinator does not know that it was completed.
  }
}

struct StopTraining {
  # coordinator -> worker: finish the step under way, push it, and leave.
}

struct WorkerLeft {
  # worker -> coordinator: done; every push of this worker was acknowledged.

  worker @0 :UInt32;
  clock @1 :UInt64;
  # Steps completed.
  epoch @2 :UInt64;
  # In which it joined.
}

struct MemberFailed {
  # worker or shard -> coordinator: this member cannot go on.

  role @0 :Role;
  index @1 :UInt32;
  clock @2 :UInt64;
  # Worker: the step at which it happened. Shard: its version.
  cause @3 :Cause;
  sentence @4 :Text;
  # For people: what was wrong and where.
  epoch @5 :UInt64;
  # Worker: in which it joined.

  enum Role { worker @0; shard @1; }
  enum Cause {
    protocol @0;
    # A message that breaks the protocol came in.
    diverged @1;
    # Loss or gradient is not finite.
    computation @2;
    # The model, the data or the device failed.
  }
}
