#include "drover/actors/simulate.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <limits>
#include <stdexcept>
#include <string>

using namespace drover;
using messages::Summary;

namespace {

simulate_options with(progress_function on_progress = {}) {
  simulate_options options;
  options.data = test::blob_data();
  options.on_progress = std::move(on_progress);
  return options;
}

sim::cluster workers_of_speed(const std::string& step, const std::string& more = "") {
  return sim::cluster::from_json("cluster", R"({"machines": [{"name": "head", "hostsWorkers": false, "shards": 4},
    {"name": "node", "count": 4, "shards": 0, "workers": 1, "step": )" +
                                                step + "}]" + more + "}");
}

} // namespace

TEST_SUITE_BEGIN("system");

TEST_CASE("one simulated worker under asp ends with the bits of one real worker") {
  auto what = test::blob_job();
  what->setConsistency("asp");
  what->setWorkers(1);
  what->setShards(2);
  what->setClipNorm(0.5);
  what->setOptimizer(messages::Optimizer::ADAM);
  auto real = test::checked_train(what, test::with(test::blob_data()));
  auto on = workers_of_speed("{}", R"(, "chances": {"loss": 0.02, "duplicate": 0.1})");
  auto simulated = simulate(what, on, with());
  CHECK(simulated.measures.traffic.lost > 0);
  CHECK(test::flat(*simulated.trained.parameters) == test::flat(*real.parameters));
  CHECK(simulated.trained.summary.read()->getTestLoss() == real.summary.read()->getTestLoss());
  CHECK(simulated.trained.summary.read()->getOutcome() == Summary::Outcome::COMPLETED);
}

TEST_CASE("bsp on a bad network ends with the bits of a real run") {
  auto what = test::blob_job();
  what->setConsistency("bsp");
  what->setWorkers(4);
  auto real = test::checked_train(what, test::with(test::blob_data()));
  auto on = workers_of_speed(R"({"distribution": "pareto"})", R"(, "chances": {"loss": 0.02, "duplicate": 0.1})");
  auto simulated = simulate(what, on, with());
  CHECK(simulated.measures.traffic.lost > 0);
  CHECK(test::flat(*simulated.trained.parameters) == test::flat(*real.parameters));
}

TEST_CASE("the same job, cluster and seed have the same fingerprint, and another seed has another") {
  auto what = test::blob_job();
  what->setWorkers(4);
  auto on = workers_of_speed(R"({"distribution": "lognormal"})");
  auto first = simulate(what, on, with()).measures;
  auto second = simulate(what, on, with()).measures;
  CHECK(first.fingerprint == second.fingerprint);
  CHECK(first.events == second.events);
  what->setSeed(2);
  CHECK(simulate(what, on, with()).measures.fingerprint != first.fingerprint);
}

TEST_CASE("a coordinator that is paused for ever does not keep a simulation running for ever") {
  auto what = test::blob_job();
  what->setWorkers(4);
  auto on = workers_of_speed(
      "{}", R"(, "faults": [{"kind": "pause", "machines": ["head"], "atSeconds": 0.05, "seconds": 1e9}])");
  const auto* sentence = "the coordinator's machine, head, has been paused for more than 600 s of virtual time, 10 "
                         "times stallSeconds: nobody is left to end the job";
  CHECK_THROWS_WITH_AS(static_cast<void>(simulate(what, on, with())), sentence, std::runtime_error);
  auto options = with();
  options.seconds_max = 5;
  auto result = simulate(what, on, options);
  auto summary = result.trained.summary.read();
  CHECK(result.measures.out_of_time);
  CHECK(result.measures.events > 0);
  CHECK(summary->getOutcome() == Summary::Outcome::STOPPED);
  CHECK(summary->getSentence() == sentence);
  CHECK(summary->getSeconds() == 5);
  CHECK_FALSE(result.trained.parameters);
}

TEST_CASE("workers of equal, constant speed compute nearly all of the virtual time, and it is what steps take") {
  auto what = test::blob_job();
  what->setWorkers(4);
  what->setConsistency("bsp");
  auto result = simulate(what, workers_of_speed(R"({"seconds": 1})"), with());
  // 1,200 samples in batches of 10 for 4 workers, 2 epochs.
  CHECK(result.measures.seconds == doctest::Approx(60).epsilon(0.01));
  REQUIRE(result.measures.computing.size() == 4);
  for (auto share : result.measures.computing) {
    CHECK(share > 0.98);
    CHECK(share <= 1);
  }
}

TEST_CASE("a simulation whose time is up stops as on request, with what it has learned") {
  auto what = test::blob_job();
  what->setWorkers(4);
  what->setEpochs(100);
  auto options = with();
  options.seconds_max = 50;
  auto result = simulate(what, workers_of_speed(R"({"seconds": 1})"), std::move(options));
  CHECK(result.measures.out_of_time);
  CHECK(result.measures.seconds < 53);
  CHECK(result.trained.summary.read()->getOutcome() == Summary::Outcome::STOPPED);
  CHECK(result.trained.parameters);
}

TEST_CASE("a request to stop from outside ends a simulation with what it has learned") {
  auto what = test::blob_job();
  what->setEpochs(1000000);
  std::stop_source stop;
  auto options = with([&stop](messages::Progress::Reader) { stop.request_stop(); });
  options.stop = stop.get_token();
  auto result = simulate(what, sim::cluster::preset("one-host"), std::move(options));
  CHECK_FALSE(result.measures.out_of_time);
  CHECK(result.trained.summary.read()->getOutcome() == Summary::Outcome::STOPPED);
}

TEST_CASE("a job whose coordinator's machine is gone for good ends with a sentence, not never") {
  auto on = workers_of_speed("{}", R"(, "faults": [{"kind": "crash", "machines": ["head"], "atSeconds": 0.05}])");
  CHECK_THROWS_WITH_AS(
      (void)simulate(test::blob_job(), on, with()),
      "the coordinator's machine, head, crashed after 0.050000 s of virtual time: nobody is left to end the job",
      std::runtime_error);
}

TEST_CASE("a stall of workers that cannot reach a shard names the shard") {
  std::string links;
  for (const auto* worker : {"n0", "n1", "n2", "n3"})
    links +=
        std::string{links.empty() ? "" : ", "} + R"({"between": ["s1", ")" + worker + R"("], "chances": {"loss": 1}})";
  auto on = sim::cluster::from_json("cluster", R"({"machines": [{"name": "s0", "hostsWorkers": false},
    {"name": "s1", "hostsWorkers": false}, {"name": "n0", "shards": 0}, {"name": "n1", "shards": 0},
    {"name": "n2", "shards": 0}, {"name": "n3", "shards": 0}], "links": [)" +
                                                   links + "]}");
  auto what = test::blob_job();
  what->setWorkers(4);
  what->setShards(2);
  auto summary = simulate(what, on, with()).trained.summary;
  CHECK(summary.read()->getSentence() == "nothing progressed for 60 s: workers 0, 1, 2, 3 wait for shard 1 to answer");
}

TEST_CASE("more workers than the cluster's machines hold are refused") {
  auto what = test::blob_job();
  what->setWorkers(5);
  CHECK_THROWS_AS((void)simulate(what, workers_of_speed("{}"), with()), std::invalid_argument);
}

TEST_SUITE_END();
