// Workers that change the shards' memory in place, block by block, no two of the same users or items at one time.

#include "drover/actors/cluster.hpp"
#include "drover/actors/core/stratum_order.hpp"
#include "drover/actors/gradient_computer.hpp"
#include "drover/actors/simulate.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/actors/factor_jobs.hpp"
#include "tests/actors/sparse_blobs.hpp"
#include <cmath>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace drover;

namespace {

// One thread does all blocks of a stratum, one after the other.
std::vector<float> stratum_by_stratum(const job& what, const dataset_pair& data) {
  auto context = job_context::make(what, standard_models(), data);
  auto view = context->what.read();
  const auto& layout = *context->plan.layout;
  bulk values{layout.flat_size()};
  auto rules = job_rules::of(view, context->plan.steps, context->plan.steps_per_epoch);
  std::vector<float> states(rules.rule->state_slots() * layout.flat_size());
  auto pointers = block_pointers(layout, values.values().data());
  std::vector<lent_place> places;
  for (std::uint32_t block = 0; block < pointers.size(); ++block) {
    initialize(layout, block, view.getSeed(), pointers[block]);
    places.push_back(
        {block, pointers[block], states.data() + rules.rule->state_slots() * layout.blocks()[block].offset});
  }
  context->lent->lend(std::move(places));
  stratum_order order{view.getWorkers(), view.getSeed()};
  std::vector<gradient_computer> workers;
  for (std::uint32_t worker = 0; worker < view.getWorkers(); ++worker)
    workers.emplace_back(context, worker);
  std::vector<const float*> unread(pointers.begin(), pointers.end());
  for (std::uint64_t step = 0; step < context->plan.steps; ++step)
    for (std::uint32_t worker = 0; worker < workers.size(); ++worker)
      static_cast<void>(workers[worker].compute(step, {layout, unread}, {}, order.at(worker, step)));
  std::vector<float> result;
  for (const auto& block : layout.blocks()) {
    const auto* first = values.values().data() + block.offset;
    result.insert(result.end(), first, first + block.size);
  }
  return result;
}

bool are_same_bits(const std::vector<float>& one, const std::vector<float>& other) {
  return one.size() == other.size() && std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0;
}

} // namespace

TEST_CASE("dsgd with any number of workers is what one thread does stratum by stratum, bit for bit, run after run") {
  auto data = test::ratings_like(20'000, 1'000, 120, 90); // few of either, so that all of them meet
  for (auto rule : {messages::Optimizer::SGD, messages::Optimizer::ADAGRAD})
    for (std::uint32_t workers : {1u, 2u, 3u, 8u}) {
      auto what = test::factor_job("dsgd", workers, 3);
      what->setOptimizer(rule);
      what->setShards(workers == 3 ? 2 : 1);
      auto expected = stratum_by_stratum(what, data);
      for (int run = 0; run < 3; ++run) {
        auto result = test::checked_train(what, test::with(data));
        CAPTURE(workers);
        CHECK(are_same_bits(test::flat(result.parameters.value()), expected));
      }
    }
}

TEST_CASE("with dsgd no update is lost or stale, and every rating is learned from once in an epoch") {
  auto data = test::ratings_like(60'000, 1'000, 200, 150);
  for (std::uint32_t workers : {1u, 4u}) {
    auto result = test::checked_train(test::factor_job("dsgd", workers, 5), test::with(data));
    auto summary = result.summary.read();
    REQUIRE(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
    CHECK(summary->getSamples() == 5 * 60'000);
    std::uint64_t watched = 0;
    for (auto shard : summary->getShards()) {
      CHECK(shard.getVersion() == 5 * workers); // a stratum is one
      CHECK(shard.getUpdatesLost() == 0);
      watched += shard.getUpdatesWatched();
      for (auto worker : shard.getWorkers())
        CHECK(worker.getUpdates() == 5 * workers);
    }
    CHECK(watched >= 5 * (60'000 / 64 - workers) * 8); // one rating in 64, four floats of both rows
  }
}

TEST_CASE("dsgd predicts as well with several workers as with one") {
  auto data = test::ratings_like(20'000, 4'000, 300, 200);
  auto alone = test::held_out_rmse(test::factor_job("dsgd", 1, 30), data);
  CHECK(alone < 0.4); // without factors 0.7, the noise alone 0.2
  for (std::uint32_t workers : {2u, 4u}) {
    auto together = test::held_out_rmse(test::factor_job("dsgd", workers, 30), data);
    MESSAGE("root mean square error, one worker: " << alone << ", " << workers << ": " << together);
    CHECK(std::abs(together - alone) < 0.003);
  }
}

TEST_CASE("what dsgd cannot do is refused with what to use instead") {
  auto data = test::ratings_like(100, 50, 9, 7);
  auto refusal = [](const job& what, const dataset_pair& on) -> std::string {
    try {
      static_cast<void>(train(what, test::with(on)));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "nothing is refused";
  };
  auto what = test::factor_job("dsgd", 8, 1);
  CHECK(refusal(what, data) == "dsgd gives each worker users and items of its own: workers is 8, the data have 9 users "
                               "and 7 items; take fewer workers, or let the consistency be hogwild");
  what->setWorkers(2);
  what->setOptimizer(messages::Optimizer::ADAM);
  CHECK(refusal(what, data).starts_with("dsgd writes single parameters as soon as it has them: let the optimizer be"));
  what->setOptimizer(messages::Optimizer::SGD);
  what->setBatchSize(10);
  CHECK(refusal(what, data) == "a step of dsgd is a block of ratings, whatever its size: leave out batchSize");
  what->setBatchSize(0);
  what->setSilenceSeconds(10);
  CHECK(refusal(what, data).ends_with("nobody goes on without it: leave out silenceSeconds"));
  what->setSilenceSeconds(0);
  what->setShards(6);
  CHECK(refusal(what, data).starts_with("dsgd keeps each tensor whole, and model mf:rank=8 has 5"));
  what->setShards(1);
  simulate_options how;
  how.data = data;
  CHECK_THROWS_WITH_AS(static_cast<void>(simulate(what, sim::cluster::preset("one-host"), std::move(how))),
                       "a simulation has no shared memory: dsgd works in the memory of one process; let the "
                       "consistency be asp, or ssp:S",
                       std::invalid_argument);
  auto svm = test::published_svm();
  svm->setConsistency("dsgd");
  CHECK(refusal(svm, test::rcv1_like(100, 50, 100)) ==
        "dsgd hands out blocks of ratings, for mf: model is svm; let the consistency be hogwild");
  auto blobs = test::blob_job();
  blobs->setBatchSize(0);
  blobs->setConsistency("dsgd");
  CHECK(refusal(blobs, test::blob_data()).ends_with("model is mlp:32,16; let the consistency be bsp"));
}
