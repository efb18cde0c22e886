// Workers that change the shards' memory in place, without locks.

#include "drover/actors/cluster.hpp"
#include "drover/actors/simulate.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/actors/sparse_blobs.hpp"
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace drover;

namespace {

std::vector<float> trained(const job& what, const dataset_pair& data) {
  return test::flat(test::checked_train(what, test::with(data)).parameters.value());
}

struct counted_updates {
  std::uint64_t steps = 0;
  std::uint64_t watched = 0;
  std::uint64_t lost = 0;
};

counted_updates counted_in(messages::Summary::Reader summary) {
  counted_updates result;
  for (auto shard : summary.getShards()) {
    result.watched += shard.getUpdatesWatched();
    result.lost += shard.getUpdatesLost();
    for (auto worker : shard.getWorkers())
      result.steps += worker.getUpdates();
  }
  return result;
}

std::string hogwild_refusal(const std::function<void()>& what) {
  try {
    what();
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "nothing is refused";
}

} // namespace

TEST_CASE("hogwild with one worker is asp with one worker and batches of one sample, bit for bit") {
  auto data = test::rcv1_like(600, 100, 500);
  for (auto rule : {messages::Optimizer::SGD, messages::Optimizer::ADAGRAD, messages::Optimizer::FTRL}) {
    job what;
    what->setModel("logistic:bias");
    what->setOptimizer(rule);
    what->setEpochs(2);
    what->setWorkers(1);
    what->setLearningRate(0.2);
    what->setConsistency("asp");
    what->setBatchSize(1);
    auto one_by_one = trained(what, data);
    what->setConsistency("hogwild");
    what->setBatchSize(50);
    CHECK(trained(what, data) == one_by_one);
  }
}

TEST_CASE("hogwild learns the same with any number of workers, and counts what they did") {
  auto data = test::rcv1_like(20'000, 4'000, 20'000);
  double accuracy_alone = 0;
  for (std::uint32_t workers : {1u, 2u, 4u, 8u}) {
    auto what = test::published_svm();
    what->setWorkers(workers);
    what->setBatchSize(50);
    auto result = test::checked_train(what, test::with(data));
    auto summary = result.summary.read();
    REQUIRE(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
    if (workers == 1) {
      accuracy_alone = summary->getTestAccuracy();
      CHECK(accuracy_alone > 0.75);
    }
    CAPTURE(workers);
    CHECK(std::abs(summary->getTestAccuracy() - accuracy_alone) < 0.01);
    auto counted = counted_in(*summary);
    CHECK(counted.steps == 8 * 20'000 / 50); // a step is counted once, by its shard
    // One row in 64 is watched, of some 70 features.
    CHECK(counted.watched > 8 * 20'000 / 64 * 40);
    CHECK(counted.lost <= counted.watched);
    CHECK((workers > 1 || counted.lost == 0));
    CHECK(summary->getBytesPulled() == 0);
    CHECK(summary->getBytesPushed() == 0);
  }
}

// Many rows: workers are not in step, and those of a short job may be epochs apart.
TEST_CASE("on data of RCV1's shape hogwild ends with the same hinge loss, within 0.5 %, for 1, 2, 4 and 8 workers" *
          doctest::test_suite("rcv1")) {
  auto data = test::rcv1_like(100'000, 20'000);
  double loss_alone = 0;
  double accuracy_alone = 0;
  for (std::uint32_t workers : {1u, 2u, 4u, 8u}) {
    auto what = test::published_svm();
    what->setWorkers(workers);
    what->setEpochs(15); // until the steps are small
    auto result = test::checked_train(what, test::with(data));
    auto summary = result.summary.read();
    if (workers == 1) {
      loss_alone = summary->getTestLoss();
      accuracy_alone = summary->getTestAccuracy();
    }
    MESSAGE("workers " << workers << ": hinge loss " << summary->getTestLoss() << ", accuracy "
                       << summary->getTestAccuracy());
    CHECK(std::abs(summary->getTestLoss() / loss_alone - 1) < 0.005);
    CHECK(std::abs(summary->getTestAccuracy() - accuracy_alone) < 0.005);
  }
}

TEST_CASE("factors learn in place as well with two workers as with one") {
  auto data = test::ratings_like(20'000, 4'000, 300, 200);
  double alone = 0;
  for (std::uint32_t workers : {1u, 2u}) {
    job what;
    what->setModel("mf:rank=8");
    what->setConsistency("hogwild");
    what->setWorkers(workers);
    what->setEpochs(30);
    what->setLearningRate(0.03);
    what->setL2(0.02);
    auto result = test::checked_train(what, test::with(data));
    auto summary = result.summary.read();
    auto rmse = std::sqrt(summary->getTestLoss());
    CHECK(std::isnan(summary->getTestAccuracy()));
    if (workers == 1)
      alone = rmse;
    CHECK(rmse < 0.4); // without factors 0.7, the noise alone 0.2
    CHECK(std::abs(rmse - alone) < 0.01);
  }
}

TEST_CASE(
    "sparse models learn under every consistency, over several shards, and bsp is the same bits over any of them") {
  auto data = test::rcv1_like(3'000, 500, 5'000);
  std::vector<float> on_one_shard;
  for (const auto* consistency : {"bsp", "ssp:2", "asp"})
    for (std::uint32_t shards : {1u, 4u}) {
      job what;
      what->setModel("logistic");
      what->setConsistency(consistency);
      what->setLearningRate(20);
      what->setWorkers(3);
      what->setShards(shards);
      what->setBlockBytes(4096);
      what->setEpochs(5);
      auto result = test::checked_train(what, test::with(data));
      CAPTURE(consistency);
      CHECK(result.summary.read()->getTestAccuracy() > 0.75);
      if (std::string{consistency} != "bsp")
        continue;
      auto parameters = test::flat(*result.parameters);
      if (shards == 1)
        on_one_shard = parameters;
      CHECK(parameters == on_one_shard);
    }
}

TEST_CASE("what hogwild cannot do is refused with what to use instead") {
  auto what = test::published_svm();
  auto data = test::rcv1_like(100, 50, 100);
  auto refusal = [&data](const job& asked) {
    return hogwild_refusal([&] { static_cast<void>(train(asked, test::with(data))); });
  };
  what->setOptimizer(messages::Optimizer::ADAM);
  CHECK(refusal(what) ==
        "hogwild writes single parameters as soon as it has them: let the optimizer be sgd, adagrad or "
        "ftrl, or let the consistency be asp");
  what->setOptimizer(messages::Optimizer::SGD);
  what->setClipNorm(1);
  CHECK(refusal(what).find("leave out clipNorm") != std::string::npos);
  what->setClipNorm(0);
  simulate_options how;
  how.data = data;
  CHECK(hogwild_refusal([&] { static_cast<void>(simulate(what, sim::cluster::preset("one-host"), std::move(how))); }) ==
        "a simulation has no shared memory: hogwild works in the memory of one process; let the consistency be "
        "asp, or ssp:S");
  what->setShards(2);
  CHECK(refusal(what).find("hogwild keeps each tensor whole, and model svm has 1") != std::string::npos);
  what->setShards(1);
  what->setDevice("auto");
  what->setConsistency("asp");
  CHECK(refusal(what).find("model svm computes on the CPU alone") != std::string::npos);
  what->setDevice("cpu");
  what->setOptimizer(messages::Optimizer::FTRL);
  CHECK(refusal(what).find("leave out the schedule") != std::string::npos);
  auto blobs = test::blob_job();
  blobs->setConsistency("hogwild");
  CHECK(hogwild_refusal([&] { static_cast<void>(train(blobs, test::with(test::blob_data()))); }) ==
        "model " + std::string{blobs.read().getModel().cStr()} +
            " does not learn in place: hogwild is for svm, logistic, squared and mf; say asp");
  blobs->setConsistency("asp");
  blobs->setL2(1);
  CHECK(hogwild_refusal([&] {
          static_cast<void>(train(blobs, test::with(test::blob_data())));
        }).starts_with("l2 is for svm, logistic, squared and mf"));
}
