# What a node says of itself, and what the trainer asks of it before a job begins.

@0xa5d1c07be83f4296;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

using Job = import "job.capnp".Job;
using JobView = import "telemetry.capnp".JobView;

struct NodeStatus {
  # node -> whoever asks and knows the token.

  version @0 :Text;
  # Of Drover.
  host @1 :Text;
  # Name of the machine, for people.
  process @2 :UInt32;
  cores @3 :UInt32;
  memoryBytes @4 :UInt64;
  devices @5 :List(Text);
  # One line each, for people.
  jobs @6 :List(HostedJob);
  # Those it takes part in now.
  dataPort @7 :UInt16;
  # Where parameters and gradients go to it, at the host by which it was asked.
  dataToken @8 :Text;
  # What lets others in there. Whoever asks has proved already that it is trusted.
  dataNumber @9 :UInt64;
  # What it is known by to others there.
  links @10 :List(DataLink);
  # On which it sends parameters and gradients now.
  leaving @11 :Bool;
  # It is being drained, or was: it takes no more members.
  deviceNames @12 :List(Text);
  # Of the devices that can be used, as jobs name them: cpu, cuda:0.
}

struct DataLink {
  peer @0 :UInt64;
  # Its `dataNumber`; a trainer, which is no node, has one as well.
  way @1 :Text;
  # "shared memory", "unix socket", "tcp", "tls"
  frames @2 :UInt64;
  bytes @3 :UInt64;
  # Sent so far.
  dropped @4 :UInt64;
  # Messages that were too much for a slow receiver.
}

struct HostedJob {
  id @0 :Text;
  model @1 :Text;
  # As the job names it.
  data @2 :Text;
  members @3 :UInt32;
  # Workers and shards that this node hosts for it.
  isKept @4 :Bool;
  # Its trainer is gone; the shards wait for another to take them over.
}

struct PrepareJob {
  # trainer -> node: read the data and make the model of a job; members are spawned afterwards.

  id @0 :Text;
  # Tells jobs apart on a node; the trainer's choice.
  job @1 :Job;
  # Complete and checked, without `save` and `metrics`, which are the trainer's.
}

struct JobPrepared {
  # node -> trainer: what was found. The trainer refuses a node that found other data than it has itself.

  samples @0 :UInt64;
  # To train on.
  features @1 :UInt64;
  classes @2 :UInt64;
  parameters @3 :UInt64;
  # Floats of the layout's flat range.
}

struct DataSlice {
  # trainer -> node: some of the samples to train on, in answer to a node that was told to ask for them and said from which
  # on. Each slice says what all of them make up; a node refuses one that says something else than the first did.

  samples @0 :UInt64;
  # In all, at least 1.
  features @1 :UInt64;
  # Values a sample.
  classes @2 :UInt64;
  # Every label is below it.
  height @3 :UInt64;
  width @4 :UInt64;
  channels @5 :UInt64;
  # Of images: their product is `features`. All 0 where the samples are no images.
  first @6 :UInt64;
  # Index of the first sample here: what was asked for.
  labels @7 :List(UInt32);
  # Of the samples here, one each: at least one, and not more than are missing.
  values :union {
    # Of the samples here, one after the other, as the trainer keeps them; in all slices the same.
    bytes @8 :Data;
    # 0 to 255 mean 0 to 1.
    floats @9 :Data;
    # float32, little-endian; finite.
  }
}

struct JobStatus {
  # trainer -> whoever asks and knows the token: a running job and its nodes.

  job @0 :Text;
  # Its id.
  view @1 :JobView;
  nodes @2 :List(NodeView);
  # None where its members are in the trainer's own process.
  host @3 :Text;
  # The trainer's, as in WorkerView.
  dataNumber @4 :UInt64;
  # The trainer's, as in NodeStatus.
}

struct NodeView {
  address @0 :Text;
  host @1 :Text;
  # As in WorkerView.
  status @2 :NodeStatus;
  # Without the secrets; empty where the node did not answer in time.
}
