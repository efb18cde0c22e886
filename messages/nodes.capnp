# What a node says of itself, and what the trainer asks of it before a job begins.

@0xa5d1c07be83f4296;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

using Job = import "job.capnp".Job;

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
