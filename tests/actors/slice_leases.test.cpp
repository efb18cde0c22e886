// Whose samples are learned from where workers are lost.

#include "drover/actors/job_objective.hpp"
#include "drover/actors/sim/world.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/actors/sparse_blobs.hpp"
#include <algorithm>
#include <map>
#include <string>

using namespace drover;

namespace {

// Counts the samples from which each step was computed.
class counted_samples final : public sim::objective {
public:
  explicit counted_samples(std::shared_ptr<const job_context> context) : computed_(std::move(context)) {}

  std::vector<row_keys> list_rows(std::uint32_t worker, const drover::list_rows& request) override {
    return computed_.list_rows(worker, request);
  }
  gradient_computed compute(std::uint32_t worker, const compute_gradient& request) override {
    auto result = computed_.compute(worker, request);
    of_step[request.clock] += result.result.samples;
    return result;
  }
  batch_result evaluate(const_parameters parameters) override { return computed_.evaluate(parameters); }

  std::map<std::uint64_t, std::uint64_t> of_step;

private:
  job_objective computed_;
};

constexpr std::uint64_t all = std::uint64_t{4} * 5;

// Of four workers with five samples a step.
job in_step() {
  auto what = test::blob_job();
  what->setConsistency("bsp");
  what->setWorkers(4);
  what->setShards(2);
  what->setBatchSize(5);
  what->setEpochs(3);
  what->setSilenceSeconds(3);
  return what;
}

// Four workers whose steps take 10 ms, each on a machine of its own.
counted_samples train_with(const job& what, const dataset_pair& data, const std::string& fault) {
  auto context = job_context::make(what, standard_models(), data);
  counted_samples counted{context};
  auto on = sim::cluster::from_json("test", R"({"machines": [{"name": "head", "hostsWorkers": false, "shards": 2},
      {"name": "worker", "shards": 0, "workers": 1, "count": 4, "step": {"seconds": 0.01}}],
    "faults": [)" + fault + "]}");
  sim::world world{context->plan, on, counted, 1, {}};
  REQUIRE(world.run(1000));
  CHECK(world.result().summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
  return counted;
}

} // namespace

TEST_CASE("under bsp a lost worker's samples are learned from by the others, in each step after those under way") {
  for (auto sparse : {false, true}) {
    CAPTURE(sparse);
    auto what = in_step();
    if (sparse) {
      what->setModel("svm");
      what->setTables(messages::Tables::SPARSE);
    }
    auto counted = train_with(what, sparse ? test::rcv1_like(1200, 100, 300) : test::blob_data(),
                              R"({"kind": "crash", "machines": ["worker-2"], "atSeconds": 0.055})");
    REQUIRE(counted.of_step.size() > 20);
    CHECK(std::ranges::none_of(counted.of_step, [](const auto& step) { return step.second > all; }));
    CHECK(std::ranges::count_if(counted.of_step, [](const auto& step) { return step.second < all; }) <= 3);
    CHECK(counted.of_step.rbegin()->second == all);
  }
}

TEST_CASE("a worker that is back takes its own samples again") {
  auto counted =
      train_with(in_step(), test::blob_data(),
                 R"({"kind": "crashAndRestart", "machines": ["worker-2"], "atSeconds": 0.055, "seconds": 4.5})");
  CHECK(std::ranges::count_if(counted.of_step, [](const auto& step) { return step.second != all; }) <= 3);
  CHECK(counted.of_step.rbegin()->second == all);
}
