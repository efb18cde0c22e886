# A cluster that does not have to exist: its machines, the links between them, and what goes wrong. The simulator runs a
# job on it; written as JSON with these field names.
#
# Names: a group of one machine is called as the group; machine k of a larger group, counted from 0, is called GROUP-k.
# Wherever machines are named, a group or a rack may stand for all of its machines; no two of these share a name.
#
# A field that is absent has the default written here. Times are seconds of virtual time, rounded to whole nanoseconds.
# What a single field allows is checked by actors/sim/json_source.cpp; what depends on other fields by
# actors/sim/cluster_machines.cpp, cluster_links.cpp and cluster_faults.cpp.

@0xb1d4a7e39c58f206;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

using Job = import "job.capnp";
using help = Job.help;
using minimum = Job.minimum;
using maximum = Job.maximum;

annotation required(field) :Void;
# The file must give this field.

enum StepDistribution {
  constant @0;
  # Every step takes `seconds`.
  lognormal @1;
  # `seconds` is the median, `sigma` the standard deviation of the logarithm.
  pareto @2;
  # `seconds` is the shortest step; longer ones have a tail with exponent `alpha`, cut at 1,000 times `seconds`.
}

struct StepTime {
  # How long a machine takes to compute one training step. The periodic slow-down comes on top of any distribution.

  seconds @0 :Float64 = 0.01 $minimum(0.000000001) $maximum(1000000)
    $help("one step: constant its duration, lognormal the median, pareto the shortest");
  distribution @1 :StepDistribution = constant $help("how steps differ");
  sigma @2 :Float64 = 0.25 $minimum(0) $maximum(4) $help("lognormal: standard deviation of the logarithm");
  alpha @3 :Float64 = 2.5 $minimum(0.5) $maximum(100) $help("pareto: exponent of the tail; smaller is heavier");
  periodSeconds @4 :Float64 = 0 $minimum(0) $maximum(1000000)
    $help("the machine is slow at the beginning of each such period; 0: never");
  slowShare @5 :Float64 = 0.1 $minimum(0) $maximum(1) $help("share of the period during which it is slow");
  slowFactor @6 :Float64 = 2 $minimum(1) $maximum(1000000) $help("what is computed then takes so many times as long");
  # Periods are shifted within a group: machine k of n by k/n of the period, so that not all are slow at once.
}

struct Straggler {
  machine @0 :UInt32 $required $help("which machine of the group, from 0");
  factor @1 :Float64 $required $minimum(0.000001) $maximum(1000000) $help("its steps take so many times as long");
}

struct MachineGroup {
  # Machines that are alike.

  name @0 :Text $required $help("of the group, and of its machines");
  count @1 :UInt32 = 1 $minimum(1) $maximum(100000) $help("machines");
  rack @2 :Text = "rack-0" $help("where they stand: machines of one rack share its link to others");
  shards @3 :UInt32 = 1 $maximum(4096) $help("shards that one machine may host");
  hostsWorkers @4 :Bool = true $help("whether workers run here");
  workers @5 :UInt32 = 0 $maximum(1000000) $help("workers that one machine may host; 0: any number");
  cores @6 :UInt32 = 0 $maximum(1000000)
    $help("cores that steps and messages share; 0: as many as there is work");
  memoryBytes @7 :UInt64 = 68719476736 $minimum(1) $maximum(9007199254740992)
    $help("memory of one machine; a job whose members need more of it is refused");
  # Counted: parameters and optimizer state of its shards; for each worker parameters and 1 + pushCredits gradients.
  step @8 :StepTime $help("how long a training step takes");
  factor @9 :Float64 = 1 $minimum(0.000001) $maximum(1000000) $help("steps of the whole group take so many times as long");
  stragglers @10 :List(Straggler) $help("single machines that are slower than the rest, or faster");
  messageSeconds @11 :Float64 = 0.000005 $minimum(0) $maximum(1000) $help("what one message costs its receiver");
  applyBytesPerSecond @12 :Float64 = 4000000000 $minimum(1) $maximum(1e15)
    $help("gradients that a shard applies in a second");
  copyBytesPerSecond @13 :Float64 = 10000000000 $minimum(1) $maximum(1e15) $help("parameters and gradients that a member fetches in a second from where another wrote them");
  crowdedSeconds @14 :Float64 = 0 $minimum(0) $maximum(1000)
    $help("what a step takes on top where more workers than cores share a machine, and with it their caches");
}

struct MessageChances {
  # What happens to single messages, each by itself. Where a link has its own, the larger of it and the cluster's holds.

  loss @0 :Float64 = 0 $minimum(0) $maximum(1) $help("chance that a message does not arrive");
  duplicate @1 :Float64 = 0 $minimum(0) $maximum(1) $help("chance that it arrives twice");
  reorder @2 :Float64 = 0 $minimum(0) $maximum(1) $help("chance that it is late, and later ones overtake it");
  reorderSeconds @3 :Float64 = 0.01 $minimum(0) $maximum(1000000) $help("by how much it is late at most");
  delay @4 :Float64 = 0 $minimum(0) $maximum(1)
    $help("chance that it is late and holds up those behind it, as what TCP sends again does");
  delaySeconds @5 :Float64 = 0.2 $minimum(0) $maximum(1000000) $help("by how much it is late at most, then");
}

struct Link {
  # Both directions, each with the whole bandwidth.

  between @0 :List(Text)
    $help("two racks, or two machines; the same name twice: within that rack, or within that machine");
  latencySeconds @1 :Float64 = 0.00005 $minimum(0) $maximum(1000000) $help("from one end to the other");
  bytesPerSecond @2 :Float64 = 1250000000 $minimum(1) $maximum(1e15) $help("bandwidth");
  jitter @3 :Float64 = 0 $minimum(0) $maximum(1000) $help("a message takes up to this share of the latency longer");
  chances @4 :MessageChances $help("loss, duplicates, disorder and delay on this link");
}

enum FaultKind {
  crash @0;
  # The machine is gone for good, with every member on it.
  crashAndRestart @1;
  # The same, but an empty machine comes back after `seconds`.
  pause @2;
  # Nothing on the machine runs for `seconds`; what arrives waits.
  partition @3;
  # For `seconds` no message passes between these machines and all others.
  slowLink @4;
  # For `seconds` what these machines send and receive takes `factor` times as long.
  unreliableLink @5;
  # For `seconds` what these machines send to other machines, and receive from them, suffers `chances`.
}

struct Fault {
  # Once, at `atSeconds`; or, with `meanSeconds`, again and again on each of the machines by itself, at random.

  kind @0 :FaultKind $required $help("what goes wrong");
  machines @1 :List(Text) $help("machines, groups or racks; with meanSeconds none means all");
  atSeconds @2 :Float64 = 0 $minimum(0) $maximum(1000000000) $help("when; with meanSeconds, from when on");
  meanSeconds @3 :Float64 = 0 $minimum(0) $maximum(1000000000)
    $help("mean time on one machine from the end of one to the next, at least 0.001; 0: it happens once");
  seconds @4 :Float64 = 1 $minimum(0.000000001) $maximum(1000000000) $help("how long it lasts; not for crash");
  factor @5 :Float64 = 10 $minimum(1) $maximum(1000000) $help("slowLink: by how much");
  chances @6 :MessageChances
    $help("unreliableLink: what happens to messages, where the link's own chances are not larger");
}

struct Cluster {
  machines @0 :List(MachineGroup) $required $help("groups of machines that are alike");
  withinMachine @1 :Link = (latencySeconds = 0.000002, bytesPerSecond = 1e15)
    $help("between members on the same machine; what fetching the bytes costs is copyBytesPerSecond");
  withinRack @2 :Link = (latencySeconds = 0.00005, bytesPerSecond = 1250000000)
    $help("between machines of one rack; its bandwidth is each machine's own");
  betweenRacks @3 :Link $help("between racks that no link names; absent: each two racks need a link");
  links @4 :List(Link) $help("between two racks or two machines, where they differ from the above");
  chances @5 :MessageChances $help("loss, duplicates, disorder and delay on every link between machines");
  faults @6 :List(Fault) $help("what goes wrong, and when");
}
