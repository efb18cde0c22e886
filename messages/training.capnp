# What workers and shards say to each other while training. Every struct is one message; arrows say who sends it to whom.
#
#     worker                          shard
#       | ---- PullParameters(clock) --> |   parks it until the consistency rule lets that clock read
#       | <--- ParametersPulled -------- |
#       |      (computes a gradient)     |
#       | ---- PushGradient(sequence) -> |   applies it, or under bsp keeps it until the clock is complete
#       | <--- GradientApplied --------- |   gives the credit back
#
# Any of these may be lost, doubled or overtaken on its way. A worker repeats a pull or push that is not answered in time,
# each time after a longer wait; a shard recognises what it has seen. Every message of a worker's carries the epoch in which
# the worker joined, and every answer returns it: what belongs to an earlier life of the same worker counts for nothing.
#
# A *clock* counts the steps that a worker has completed: the worker that computes its first step is at clock 0. A *version*
# counts the updates that a shard has applied: every shard counts its own. The *staleness* of an update is the version at
# which it is applied minus the version from which its gradient was computed.

@0xc2f8e61b9a3d5074;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

struct Block {
  # Consecutive parameters, or their gradient: one block of the model's layout.

  index @0 :UInt32;
  # Which block of the layout. A receiver refuses an index that the sender's shard does not hold.

  values @1 :Data;
  # float32, little-endian, as many as the layout says; a receiver refuses any other length. Lies in a segment of its own
  # and shares the memory of the shard's block or of the worker's gradient.
}

struct Keys {
  # Keys of rows of sparse tables: one list for all tables whose rows belong to the same features, users or items (a key space
  # of the model's layout).

  signature @0 :UInt64;
  # Computed from the keys (models/row_keys.hpp).
  keys @1 :Data;
  # UInt64, little-endian, ascending, each once, and only keys of the shard that this goes to or comes from. Absent where
  # that shard has the list: in a push, for it was in the pull for the same step; in a pull, for it was in the one before.
  # A shard that does not have it, or another in its place, drops the message: what is said again has all keys.
}

struct Rows {
  # All rows of one sparse table at a shard.

  table @0 :UInt32;
  # Which table of the layout.
  keys @1 :Data;
  # UInt64, little-endian, each once.
  values @2 :Data;
  # float32, little-endian: of each key as many as the table is wide.
}

struct PullParameters {
  # worker -> shard: "I am about to compute this step; give me parameters that it may read."

  worker @0 :UInt32;
  epoch @1 :UInt64;
  # Membership epoch in which the worker joined. The shard keeps a pull from a later epoch until it knows that epoch itself.
  clock @2 :UInt64;
  # The step that will be computed from the answer. Waits for this worker's own pushes of all steps before it; with
  # prefetch for all but the last.
  keys @3 :List(Keys);
  # The rows of sparse tables that the step needs: one list a key space. None where the model has no tables.
}

struct ParametersPulled {
  # shard -> worker: the answer to PullParameters, as soon as the consistency rule allows it.

  shard @0 :UInt32;
  clock @1 :UInt64;
  # Of the pull that this answers.
  version @2 :UInt64;
  # Version of all blocks below. The worker hands it back in PushGradient.
  clockMin @3 :UInt64;
  # Fewest steps completed by any member, as the shard knew it when it answered: what the staleness rule was checked with.
  blocks @4 :List(Block);
  # All blocks of this shard. None where the worker changes them in place.
  epoch @5 :UInt64;
  # Of the pull.
  rows @6 :List(Data);
  # One a table: float32, little-endian, the rows of the pull's keys in their order.
}

struct PushGradient {
  # worker -> shard: the gradient of one step for this shard's blocks.

  worker @0 :UInt32;
  epoch @1 :UInt64;
  # Membership epoch in which the worker joined.
  sequence @2 :UInt64;
  # Counts the pushes of this life of the worker to this shard from 1 without gaps. A sequence that was seen already is a
  # resend: it is acknowledged if it was applied, and never applied again. One that comes before its predecessor is
  # dropped: the worker repeats both.
  clock @3 :UInt64;
  # The step that this gradient completes.
  version @4 :UInt64;
  # Of the parameters that the gradient was computed from. With nomad of the columns below: how often they were worked on.
  blocks @5 :List(Block);
  # None where workers change the shard's memory in place: the step has done so already.
  updatesWatched @6 :UInt64;
  # In place: updates of single parameters in this step of which was seen whether another worker wrote in between. Told to
  # shard 0, for the whole step; 0 for the others.
  updatesLost @7 :UInt64;
  # Those where one did, and its update was lost.
  keys @8 :List(Keys);
  # Those of the pull for this step.
  rows @9 :List(Data);
  # One a table: the gradients of those rows, float32, little-endian.
  columns @10 :UInt32;
  # nomad: the part of the items that the step has changed.
}

struct GradientApplied {
  # shard -> worker: the push with this sequence, and all before it, are part of the parameters now. Sent when that is so,
  # not on arrival.

  shard @0 :UInt32;
  sequence @1 :UInt64;
  version @2 :UInt64;
  # The first version that contains it.
  stalenessSteps @3 :UInt64;
  # Staleness with which it was applied.
  epoch @4 :UInt64;
  # Of the push.
}

struct PassColumns {
  # worker -> worker, with nomad: "these columns are yours." Sent when every shard has applied what the sender did with them;
  # nobody else has them from then on. Within one process, where it is not lost.

  columns @0 :UInt32;
  # Which part of the items: their factors and biases, where the shards keep them.
  visit @1 :UInt64;
  # How many workers had them before, the same one again in each round. The receiver refuses a visit that is not due with it,
  # and drops one that it had.
}

struct TakeSnapshot {
  # coordinator -> shard: "give me your blocks as they are now"; no consistency rule applies.

  request @0 :UInt64;
  # Chosen by the coordinator, repeated in the answer.
}

struct SnapshotTaken {
  # shard -> coordinator: the answer to TakeSnapshot. Shares the shard's memory: later updates do not touch it.

  shard @0 :UInt32;
  request @1 :UInt64;
  version @2 :UInt64;
  blocks @3 :List(Block);
  rows @4 :List(Rows);
  # A table may come in several pieces.
}
