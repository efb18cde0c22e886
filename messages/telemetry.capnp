# What members measured. WorkerProgress, TakeReport and ShardReport go to and from the coordinator; Progress and Summary go
# from the coordinator to whoever watches the job, and are the lines of --metrics (JSON, these field names).

@0xe83a6c5d17b2f949;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

struct WorkerProgress {
  # worker -> coordinator: sums since this worker joined, every few steps, at the end of every epoch, and every second in
  # which neither comes: who is not heard of for long is taken for dead.

  worker @0 :UInt32;
  clock @1 :UInt64;
  # Steps completed.
  samples @2 :UInt64;
  lossSum @3 :Float64;
  # Over all samples: the loss before each step's update.
  correct @4 :UInt64;
  updates @5 :UInt64;
  # Acknowledgements that told something new. One a push, or fewer: one that comes after another was lost stands for both
  # pushes and says how stale the later one was. Shards count every push, see WorkerStaleness.
  stalenessSum @6 :UInt64;
  # Over those acknowledgements.
  stalenessMax @7 :UInt64;
  epoch @8 :UInt64;
  # In which the worker joined.
  awaits @9 :List(UInt32);
  # Shards that owe this worker parameters or an acknowledgement for a second or longer, ascending; not more than a sentence
  # can hold. Mostly absent: nobody does.
  awaitsMore @10 :UInt32;
  # Shards that `awaits` leaves out.
  hasNoClasses @11 :Bool;
  # The model predicts numbers: losses are squared errors, and nothing is correct.
  lease @12 :UInt64;
  # Number of the LeaseSlices that it has; 0 for none.
}

struct TakeReport {
  # coordinator -> shard: "tell me what you counted".
}

struct WorkerStaleness {
  # What one shard saw of one worker.

  worker @0 :UInt32;
  updates @1 :UInt64;
  # Pushes applied.
  repeated @2 :UInt64;
  # Resends recognised and not applied.
  stalenessSum @3 :UInt64;
  stalenessMax @4 :UInt64;
  counts @5 :List(UInt64);
  # counts[s]: pushes applied with staleness s; the last entry counts that staleness and all above.
}

struct ShardReport {
  # shard -> coordinator: the answer to TakeReport.

  shard @0 :UInt32;
  version @1 :UInt64;
  parameters @2 :UInt64;
  workers @3 :List(WorkerStaleness);
  # Everyone who ever pushed here, ascending.
  pulls @4 :UInt64;
  # Answered.
  pullsParked @5 :UInt64;
  # Pulls that had to wait for the consistency rule, be they answered by now or not.
  bytesPulled @6 :UInt64;
  # Parameters handed out.
  bytesPushed @7 :UInt64;
  # Gradients taken in.
  blocksRenewed @8 :UInt64;
  # Blocks written to fresh memory because a reader still held the old (copy-on-write).
  clockMin @9 :UInt64;
  # Fewest steps completed by any member; 0 where nobody is one any more.
  waiting @10 :List(Wait);
  # Pulls parked at this moment; not more than a sentence can hold.
  waitingMore @11 :UInt32;
  # Parked pulls that `waiting` leaves out.
  membershipEpoch @12 :UInt64;
  # That this shard has adopted last: what a coordinator that takes over counts on from.
  updatesWatched @13 :UInt64;
  # In place: sums over all pushes, see PushGradient.
  updatesLost @14 :UInt64;
  rows @15 :UInt64;
  # Rows of sparse tables that are there.
  rowBytes @16 :UInt64;
  # What they take, with the state of the update rule and what finds them.
  rowsEvicted @17 :UInt64;
  # Rows that were forgotten for others (tableBytes), so far.
  updatesRefused @18 :UInt64;
  # Updates of single rows that came before their row was kept (admitAfter).
  rowStalenessMax @19 :UInt64;
  # Where rows do not wait for the rest (tableConsistency): the most pushes whose rows were applied between the answer to a
  # worker's pull and its push for that step.
}

struct Wait {
  # A parked pull: who waits, and for whom.

  worker @0 :UInt32;
  clock @1 :UInt64;
  # The step it wants to compute.
  clockNeeded @2 :UInt64;
  # Steps that every member has to complete before it may.
  waitsFor @3 :List(UInt32);
  # Members that have not, ascending; not more than a sentence can hold.
  waitsForMore @4 :UInt32;
  # Members that `waitsFor` leaves out.
}

struct Progress {
  # coordinator -> observer: how training goes. Several times a second, and once for each completed epoch.

  epoch @0 :UInt32;
  # Epochs completed by every worker.
  epochs @1 :UInt32;
  # In all.
  fraction @2 :Float64;
  # Of all steps, 0 … 1.
  seconds @3 :Float64;
  # Since training began.
  secondsLeft @4 :Float64;
  # Estimated; 0 until there is something to estimate from.
  samples @5 :UInt64;
  samplesPerSecond @6 :Float64;
  # Since the last report.
  loss @7 :Float64;
  # Mean training loss since the last report; with a test result, since the epoch before was completed
  # by every worker, until this one was.
  accuracy @8 :Float64;
  # Training accuracy of the same samples, 0 … 1; not a number for a model that predicts numbers: its loss is the mean
  # squared error.
  stalenessMean @9 :Float64;
  stalenessMax @10 :UInt64;
  # Over the updates so far of which workers know the staleness, which is all where no message is lost.
  staleness :group {
    union {
      unbounded @11 :Void;
      bound @12 :UInt64;
      # What the consistency mode promises.
    }
  }
  test :union {
    notYet @13 :Void;
    # This is a report between epochs.
    result :group {
      # Of the shards' parameters on the test samples, taken when the last worker completed that epoch: the others may be
      # further by then, so that these are parameters of that epoch or somewhat later ones.
      loss @14 :Float64;
      accuracy @15 :Float64;
    }
  }
}

struct Summary {
  # coordinator -> observer: the end of the job, whatever the end was.

  outcome @0 :Outcome;
  sentence @1 :Text;
  # Why it ended, for people; empty when completed.
  seconds @2 :Float64;
  samples @3 :UInt64;
  samplesPerSecond @4 :Float64;
  epochs @5 :UInt32;
  # Completed by every worker.
  testLoss @6 :Float64;
  testAccuracy @7 :Float64;
  # Of the parameters handed over with this summary; not finite where they could not be tested.
  bytesPulled @8 :UInt64;
  bytesPushed @9 :UInt64;
  staleness :group {
    union {
      unbounded @10 :Void;
      bound @11 :UInt64;
    }
  }
  shards @12 :List(ShardReport);
  savedEpoch @13 :UInt32;
  # Epochs that every worker had completed when the parameters handed over were taken: 0 for the initial ones, too. Less than
  # `epochs` where the last parameters are not good or are gone.
  workersLost @14 :UInt32;
  # Taken for dead, or begun anew before anybody noticed.
  workersJoined @15 :UInt32;
  # After the beginning.
  workersMoved @16 :UInt32;
  # To other nodes, on request.
  happenings @17 :List(Happening);
  # What happened to members and nodes, as it did.
  happeningsMore @18 :UInt32;
  # Later ones that `happenings` leaves out.
  shardsSilent @19 :UInt32;
  # Shards that did not say what they counted: `shards` leaves them out.

  enum Outcome {
    completed @0;
    stopped @1;
    # On request.
    failed @2;
    # A member failed or died, or nothing progressed.
    diverged @3;
    # Loss or gradient was not finite.
  }
}

struct Happening {
  # Somebody came or went.

  seconds @0 :Float64;
  # Since training began.
  sentence @1 :Text;
}

struct JobView {
  # A running job at one moment, for who asks.

  progress @0 :Progress;
  # The last report.
  workers @1 :List(WorkerView);
  # Everyone, ascending.
  shards @2 :List(ShardReport);
  # Those that were heard of, as they were when somebody asked before: each view asks them anew.
  shardHosts @3 :List(Text);
  # By index.
}

struct WorkerView {
  host @0 :Text;
  # The process it is in, as its network names it.
  isMember @1 :Bool;
  # False: it is done, or was lost and has not come back.
  clock @2 :UInt64;
  # Steps completed, as it said last.
}
