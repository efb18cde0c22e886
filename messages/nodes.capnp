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

struct JobStatus {
  # trainer -> whoever asks and knows the token: a running job and its nodes.

  job @0 :Text;
  # Its id.
  view @1 :JobView;
  nodes @2 :List(NodeView);
}

struct NodeView {
  address @0 :Text;
  host @1 :Text;
  # As in WorkerView.
  status @2 :NodeStatus;
  # Without the secrets; empty where the node did not answer in time.
}
