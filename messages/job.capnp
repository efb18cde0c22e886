# A job: what is learned, from which data, by which rule, under which consistency, by how many members.
#
# One struct for every use: the config file (JSON, these field names), the command line (each field is a flag, its name in
# kebab-case: `learningRate` is --learning-rate), what nodes receive, and what a saved model remembers. A field that is
# absent has the default written here; a default that depends on other fields is written as 0 and said in its help. Which
# combinations contradict each other is checked in actors/job_resolve.cpp, never here and never by a reader of a single field.

@0xd7a5b3c94e6f1a20;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("drover::messages");

annotation help(field) :Text;
# One line for --help: what the field means and in which unit.

annotation section(field) :Text;
# Begins a group of flags in --help that goes on until the next section.

annotation minimum(field) :Float64;
# Smallest value allowed. Only on numbers.

annotation maximum(field) :Float64;
# Largest value allowed. Only on numbers.

enum Activation { relu @0; tanh @1; sigmoid @2; gelu @3; }

enum Optimizer { sgd @0; momentum @1; nesterov @2; adagrad @3; rmsprop @4; adam @5; adamw @6; ftrl @7; }

enum Schedule { constant @0; step @1; cosine @2; }

enum Compensation {
  none @0;
  stalenessAware @1;
  # The learning rate of an update is divided by its staleness (Zhang et al. 2015).
  dcAsgd @2;
  # The gradient is corrected towards the parameters it meets, with a constant lambda (Zheng et al. 2017).
  dcAsgdAdaptive @3;
  # The same with lambda divided by the root of a running mean of squared gradients.
}

enum Tables { auto @0; dense @1; sparse @2; }

enum Precision { fp32 @0; tf32 @1; bf16 @2; }

struct Job {
  model @0 :Text = "mlp:256,128"
    $section("Model")
    $help("softmax; mlp:SIZE,SIZE,… with the sizes of the hidden layers; svm, logistic, squared, or each :bias; mf:rank=N");
  activation @1 :Activation = relu $help("activation of the hidden layers");

  data @2 :Text
    $section("Data")
    $help("folder with the IDX files of MNIST's layout, or with train.csv and test.csv, or one CSV or .svm file; .gz is read, too");
  testData @3 :Text $help("file to test on, where data is one file");
  holdout @4 :Float64 = 0 $minimum(0) $maximum(0.9)
    $help("share of the samples to test on, where there is no test file");
  onBadLine @41 :Text = "stop"
    $help("stop, or skip:N: pass over up to N lines of tables and ratings that cannot be read");
  hashBits @42 :UInt32 = 0 $maximum(30)
    $help("svm, logistic, squared: hash features to so many bits; 0: .vw files 18, others not at all");
  ratingRange @46 :Text $help("mf: MIN:MAX, ratings outside are bad lines; empty: any number");
  dataCache @47 :Text = "off"
    $help("keep what was read of text: off, beside (in a file beside the data), or a folder; mapped next time, not read");
  labelColumn @5 :Text
    $help("CSV: name or number (from 0) of the label's column; empty: `label`, `class` or `target`, else the last");
  augmentShiftPixels @6 :UInt32 = 0 $maximum(16) $help("images: shift by up to so many pixels each way");
  augmentFlip @7 :Bool = false $help("images: mirror every second image, at random");

  epochs @8 :UInt32 = 10
    $section("Training")
    $minimum(1) $maximum(1000000) $help("passes over the training samples");
  batchSize @9 :UInt32 = 0 $maximum(1048576)
    $help("samples a worker and step; 0: 32, for hogwild and nomad up to 1024; with dsgd always a block");
  seed @10 :UInt64 = 1 $help("fixes the initial parameters, the order of samples and the augmentation");

  optimizer @11 :Optimizer = sgd
    $section("Update rule")
    $help("the rule by which shards apply gradients");
  learningRate @12 :Float64 = 0 $minimum(0) $maximum(1000)
    $help("0: the rule's own (sgd 0.1, momentum, nesterov and adagrad 0.01, ftrl 0.1, rmsprop, adam and adamw 0.001)");
  schedule @13 :Schedule = constant $help("how the learning rate changes over the job");
  scheduleStepEpochs @14 :UInt32 = 10 $minimum(1) $maximum(1000000)
    $help("step: multiply the learning rate every so many epochs");
  scheduleStepFactor @15 :Float64 = 0.1 $minimum(0) $maximum(1) $help("step: by this");
  scheduleFinal @16 :Float64 = 0 $minimum(0) $maximum(1)
    $help("cosine: fraction of the learning rate that is left at the end");
  warmupEpochs @17 :Float64 = 0 $minimum(0) $maximum(1000)
    $help("grow the learning rate linearly over so many epochs at first");
  momentum @18 :Float64 = 0.9 $minimum(0) $maximum(0.9999999) $help("momentum and nesterov: share of the velocity kept");
  beta1 @19 :Float64 = 0.9 $minimum(0) $maximum(0.9999999) $help("adam, adamw: decay of the mean gradient");
  beta2 @20 :Float64 = 0.999 $minimum(0) $maximum(0.9999999) $help("adam, adamw: decay of the mean squared gradient");
  rmspropDecay @21 :Float64 = 0.99 $minimum(0) $maximum(0.9999999) $help("rmsprop: decay of the mean squared gradient");
  epsilon @22 :Float64 = 1e-8 $minimum(1e-30) $maximum(1) $help("adagrad, rmsprop, adam, adamw: added to the root");
  weightDecay @23 :Float64 = 0 $minimum(0) $maximum(1)
    $help("pulls parameters towards 0: in the gradient, for adamw beside it");
  l1 @43 :Float64 = 0 $minimum(0) $maximum(1000000)
    $help("svm, logistic, squared: pulls each sample's weights to 0, by l1 / samples that have the feature; ftrl: its lambda1");
  l2 @44 :Float64 = 0 $minimum(0) $maximum(1000000)
    $help("the same in proportion to the weight; mf: lambda of factors and biases; ftrl: its lambda2");
  ftrlBeta @45 :Float64 = 1 $minimum(0) $maximum(1000000) $help("ftrl: beta");
  clipNorm @24 :Float64 = 0 $minimum(0) $maximum(1000000000)
    $help("scale a worker's gradient down to this Euclidean norm; 0: never");

  consistency @25 :Text = "ssp:3"
    $section("Consistency")
    $help("bsp (all in step), ssp:S (nobody more than S steps behind), asp (no bound), hogwild (asp in shared memory), or for mf dsgd (in shared memory, block by block) and nomad (columns travel)");
  compensation @26 :Compensation = none $help("what is done about a stale gradient");
  compensationLambda @27 :Float64 = 0 $minimum(0) $maximum(1000)
    $help("dc-asgd, dc-asgd-adaptive: strength of the correction; 0: 0.04 and 2, the authors'");
  prefetch @28 :Bool = false
    $help("pull the next parameters while computing: hides waiting, misses the worker's own last update");

  workers @29 :UInt32 = 2
    $section("Placement and limits")
    $minimum(1) $maximum(100000) $help("members that compute gradients; in one process at most 4096, each has a thread");
  shards @30 :UInt32 = 1 $minimum(1) $maximum(4096) $help("members that hold parameters and apply updates");
  blockBytes @31 :UInt32 = 1048576 $minimum(4096) $maximum(268435456)
    $help("parameters are placed on shards in blocks of at most so many bytes");
  pushCredits @32 :UInt32 = 2 $minimum(1) $maximum(64)
    $help("pushes a worker may have under way at each shard");
  schedulerThreads @33 :UInt32 = 0 $maximum(1024) $help("threads for the actors' messages; 0: one a core");
  stallSeconds @34 :Float64 = 60 $minimum(0.1) $maximum(1000000)
    $help("end the job with a report of who waits for whom when nothing progresses for so long");

  tables @48 :Tables = auto
    $help("svm, logistic, squared, mf: rows that samples need alone (sparse), all (dense), or auto: by what saves more");
  admitAfter @49 :UInt32 = 1 $minimum(1) $maximum(1000000)
    $help("sparse: keep a row from its so manieth update on; updates before are dropped");
  tableBytes @50 :UInt64 = 0 $maximum(1e15)
    $help("sparse: bytes that rows may take on each shard; above, those used least lately start anew; 0: no limit");

  tableConsistency @51 :Text
    $help("sparse, with bsp: asp applies rows as they come, while dense tensors stay in step; empty: like them");

  device @38 :Text = "cpu"
    $help("where workers compute: cpu, cuda:N, or auto: on the GPUs of their machine in turn, if it has any");
  devices @39 :Text $help("the same for each worker by itself, separated by commas: cuda:0,cuda:0,cpu");
  precision @40 :Precision = fp32
    $help("what a GPU's matrix products multiply with; parameters and sums have 32 bits in every case");

  silenceSeconds @37 :Float64 = 0 $minimum(0) $maximum(1000000)
    $help("go on without a worker that was silent for so long and for 3 times its longest silence before; 0: never, in a simulation 60");

  save @35 :Text
    $section("Output")
    $help("write the trained parameters to this safetensors file");
  metrics @36 :Text $help("write one JSON line for each epoch and progress report to this file");
}
