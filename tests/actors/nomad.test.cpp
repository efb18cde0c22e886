// Columns of items that travel between workers as messages, and what dsgd and nomad have in common.

#include "drover/actors/cluster.hpp"
#include "drover/actors/simulate.hpp"

#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include "tests/actors/factor_jobs.hpp"
#include "tests/actors/scripted_factors.hpp"
#include "tests/actors/sparse_blobs.hpp"
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

using namespace drover;

namespace {

// Who works on which users and items now.
class row_marks {
public:
  row_marks(std::size_t users, std::size_t items) : users_(users), items_(items) {}

  in_place_result use(const batch& samples, const std::function<in_place_result()>& learn) {
    auto own = ++batches_;
    auto each_row = [&](auto act) {
      for (auto place : samples.samples) {
        act(users_[samples.ratings[place].user]);
        act(items_[samples.ratings[place].item]);
      }
    };
    each_row([&](std::atomic<std::uint64_t>& row) {
      if (auto before = row.exchange(own); before != 0 && before != own)
        ++shared_;
    });
    auto now = ++under_work_;
    for (auto most = most_.load(); most < now && !most_.compare_exchange_weak(most, now);)
      ;
    auto result = learn();
    --under_work_;
    each_row([](std::atomic<std::uint64_t>& row) { row = 0; });
    return result;
  }

  [[nodiscard]] std::uint64_t shared() const { return shared_; }
  [[nodiscard]] std::uint64_t batches() const { return batches_; }
  [[nodiscard]] int most_at_once() const { return most_; }

private:
  std::vector<std::atomic<std::uint64_t>> users_, items_; // 0: nobody
  std::atomic<std::uint64_t> batches_ = 0;
  std::atomic<std::uint64_t> shared_ = 0;
  std::atomic<int> under_work_ = 0;
  std::atomic<int> most_ = 0;
};

} // namespace

TEST_CASE("workers of dsgd and nomad never work on the same user or item at one time, those of hogwild do") {
  auto data = test::ratings_like(60'000, 1'000, 200, 150);
  for (const auto* consistency : {"dsgd", "nomad", "hogwild"})
    for (std::uint32_t shards : {1u, 2u}) {
      CAPTURE(consistency);
      row_marks marks{200, 150};
      auto what = test::factor_job(consistency, 4, 5);
      what->setModel("scripted:rank=8");
      what->setShards(shards);
      auto options = test::with_script(
          data, [&marks](const batch& samples, const auto& learn) { return marks.use(samples, learn); });
      auto result = test::checked_train(what, std::move(options));
      REQUIRE(result.summary.read()->getOutcome() == messages::Summary::Outcome::COMPLETED);
      CHECK((marks.shared() == 0) == (std::string{consistency} != "hogwild"));
      CHECK(marks.batches() >= 5 * 4 * 4);
      CHECK(marks.most_at_once() > 1);
    }
}

TEST_CASE("with nomad no update is lost or stale, and every rating is learned from once a round") {
  auto data = test::ratings_like(60'000, 1'000, 200, 150);
  for (std::uint32_t workers : {1u, 2u, 4u}) {
    CAPTURE(workers);
    auto what = test::factor_job("nomad", workers, 5);
    what->setShards(workers == 2 ? 2 : 1);
    what->setBatchSize(500);
    auto result = test::checked_train(what, test::with(data));
    auto summary = result.summary.read();
    REQUIRE(summary->getOutcome() == messages::Summary::Outcome::COMPLETED);
    CHECK(summary->getSamples() == 5 * 60'000);
    std::uint64_t watched = 0;
    for (auto shard : summary->getShards()) {
      CHECK(shard.getUpdatesLost() == 0);
      watched += shard.getUpdatesWatched();
      for (auto worker : shard.getWorkers())
        CHECK(worker.getUpdates() == 5 * 60'000 / 500 / workers); // every column's visits
    }
    CHECK(watched >= 5 * (60'000 / 64 - workers) * 8); // one rating in 64, four floats of both rows
  }
}

TEST_CASE("nomad with one worker gives the same bits, run after run, and more workers predict as well") {
  auto data = test::ratings_like(20'000, 4'000, 300, 200);
  auto job_with = [](std::uint32_t workers) {
    auto result = test::factor_job("nomad", workers, 30);
    result->setSchedule(messages::Schedule::COSINE); // until the last steps, whose order is nobody's, are small
    return result;
  };
  auto what = job_with(1);
  auto first = test::checked_train(what, test::with(data));
  CHECK(test::flat(*first.parameters) == test::flat(*test::checked_train(what, test::with(data)).parameters));
  auto alone = std::sqrt(first.summary.read()->getTestLoss());
  CHECK(alone < 0.4); // without factors 0.7, the noise alone 0.2
  for (std::uint32_t workers : {2u, 4u}) {
    auto together = test::held_out_rmse(job_with(workers), data);
    MESSAGE("root mean square error, one worker: " << alone << ", " << workers << ": " << together);
    CHECK(std::abs(together - alone) < 0.003);
  }
}

TEST_CASE("nomad's rate follows the schedule by the rounds of the columns, whoever has them") {
  // After the first round there is nothing more to learn: the rate is 0.
  auto data = test::ratings_like(5'000, 500, 60, 40);
  auto trained = [&data](std::uint32_t epochs) {
    auto what = test::factor_job("nomad", 1, epochs);
    what->setSchedule(messages::Schedule::STEP);
    what->setScheduleStepEpochs(1);
    what->setScheduleStepFactor(1e-30);
    return test::flat(*test::checked_train(what, test::with(data)).parameters);
  };
  CHECK(trained(3) == trained(1));
}

TEST_CASE("jobs by nomad and dsgd stop on request, with what was learned") {
  auto data = test::ratings_like(60'000, 1'000, 200, 150);
  for (const auto* consistency : {"dsgd", "nomad"}) {
    CAPTURE(consistency);
    std::stop_source stop;
    auto options = test::with(data, [&stop](messages::Progress::Reader) { stop.request_stop(); });
    options.stop = stop.get_token();
    auto result = test::checked_train(test::factor_job(consistency, 3, 100'000), std::move(options));
    CHECK(result.summary.read()->getOutcome() == messages::Summary::Outcome::STOPPED);
    CHECK(result.parameters.has_value());
  }
}

TEST_CASE("jobs by nomad and dsgd end with one sentence when a worker dies") {
  auto data = test::ratings_like(20'000, 1'000, 200, 150);
  for (const auto* consistency : {"dsgd", "nomad"}) {
    CAPTURE(consistency);
    std::atomic<int> calls = 0;
    auto what = test::factor_job(consistency, 3, 1'000);
    what->setModel("scripted:rank=8");
    auto result = train(what, test::with_script(data, [&calls](const batch&, const auto& learn) {
                          if (++calls == 50)
                            throw std::runtime_error("the tape is torn");
                          return learn();
                        }));
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == messages::Summary::Outcome::FAILED);
    std::string sentence = summary->getSentence().cStr();
    CHECK(sentence.starts_with("worker "));
    CHECK(sentence.ends_with("the tape is torn"));
    CHECK(result.parameters.has_value());
  }
}

TEST_CASE("what nomad cannot do is refused with what to use instead") {
  auto data = test::ratings_like(100, 50, 9, 7);
  auto refusal = [](const job& what, const dataset_pair& on) -> std::string {
    try {
      static_cast<void>(train(what, test::with(on)));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "nothing is refused";
  };
  auto what = test::factor_job("nomad", 8, 1);
  CHECK(refusal(what, data).starts_with("nomad gives each worker users and items of its own: workers is 8"));
  what->setWorkers(2);
  what->setPrefetch(true);
  CHECK(refusal(what, data).starts_with("nomad writes single parameters as soon as it has them: leave out prefetch"));
  what->setPrefetch(false);
  what->setSilenceSeconds(10);
  CHECK(refusal(what, data).starts_with("with nomad each worker has users of its own"));
  what->setSilenceSeconds(0);
  simulate_options how;
  how.data = data;
  CHECK_THROWS_WITH_AS(static_cast<void>(simulate(what, sim::cluster::preset("one-host"), std::move(how))),
                       "a simulation has no shared memory: nomad works in the memory of one process; let the "
                       "consistency be asp, or ssp:S",
                       std::invalid_argument);
  auto svm = test::published_svm();
  svm->setConsistency("nomad");
  CHECK(refusal(svm, test::rcv1_like(100, 50, 100)) ==
        "nomad hands out blocks of ratings, for mf: model is svm; let the consistency be hogwild");
}
