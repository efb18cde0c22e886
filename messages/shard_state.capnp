# What a parameter shard holds, for another process that goes on in its place.
#
#     coordinator -- (stand still) --> shard here            coordinator -- ShardState --> shard there
#     coordinator <-- ShardState ----- shard here            coordinator -- ShardValues -> shard there, piece by piece
#     coordinator <-- ShardValues ---- shard here            workers: to the shard there from now on
#
# Pushes that are not part of the parameters yet, and pulls that wait, are not in it: nobody was told that they had come, and
# their workers repeat them.

@0xd1f36a84b92c7e50;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

using ShardReport = import "telemetry.capnp".ShardReport;
using GradientApplied = import "training.capnp".GradientApplied;

struct ShardState {
  # All but the values of the blocks.

  report @0 :ShardReport;
  # What it counted. Its waiting pulls mean nothing here.
  clockFloor @1 :UInt64;
  # Steps that every member had completed when membership changed last: nobody joins behind that.
  membersMax @2 :UInt64;
  # Most members at once so far.
  lives @3 :List(Life);
  # The last of each worker that was ever a member here, ascending.
  updates @4 :List(UInt64);
  # Of each block, in the order of the assignment.
  tables @5 :List(TableState);
  # Of each sparse table.
}

struct Life {
  worker @0 :UInt32;
  joined @1 :UInt64;
  # Membership epoch in which it began.
  isMember @2 :Bool;
  clock @3 :UInt64;
  # Of a member: steps completed.
  clockSeen @4 :UInt64;
  # Steps completed when membership changed last.
  applied @5 :UInt64;
  # Sequence of the last push that is part of the parameters.
  acknowledgement @6 :GradientApplied;
  # The answer to it; none where there was none.
  backups @7 :List(Backup);
  rowsApplied @8 :UInt64;
  # Sequence of the last push whose rows are part of the sparse tables, where these do not wait for the rest.
}

struct TableState {
  # What a sparse table holds but for its rows: actors/core/row_table.hpp.

  rows @0 :UInt64;
  waiting @1 :UInt64;
  # Keys that are not admitted yet.
  hand @2 :UInt64;
  # The row whose turn it is to be forgotten.
  waitingHand @3 :UInt64;
  # The same of keys that wait.
  evicted @4 :UInt64;
  refused @5 :UInt64;
}

struct Backup {
  # What the worker read for one step, where the compensation needs it.

  clock @0 :UInt64;
  version @1 :UInt64;
}

struct ShardValues {
  # A piece of the values: of each block its parameters, the state of its update rule and that of its compensation; then of
  # each life in its order and each of its backups the parameters of each block; then of each sparse table its rows with all
  # that belongs to them, as the table keeps it: keys and counts are no floats, and take the room of two or one.

  first @0 :UInt64;
  # Floats before this piece.
  values @1 :Data;
  # float32, little-endian. Pieces come in their order, without gaps.
}
