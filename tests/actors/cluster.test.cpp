// Real runs: real actors, threads and gradients.

#include "drover/actors/cluster.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <doctest/doctest.h>

#include "tests/actors/blobs.hpp"
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

using namespace drover;
using messages::Summary;

namespace {

// A model with one weight that does what the test wants.
class puppet final : public model {
public:
  using script = std::function<void(const_parameters)>;
  explicit puppet(script act) : act_(std::move(act)) {}
  std::vector<tensor_spec> tensors() const override { return {{.name = "weight", .shape = {4}, .init = {}}}; }
  std::size_t outputs() const override { return 4; }
  batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) override {
    act_(parameters);
    std::ranges::fill(gradient.tensor(0), 1.0f);
    return {1.0, 0, samples.size()};
  }
  batch_result evaluate(const batch& samples, const_parameters) override { return {1.0, 0, samples.size()}; }
  void predict(const batch&, const_parameters, std::span<float>) override {}

private:
  script act_;
};

// Workers of jobs that take turns with their shard in one thread, and of jobs that do not.
constexpr auto in_threads = {1u, 3u};

train_options with_puppet(const puppet::script& act) {
  auto options = test::with(test::blob_data());
  options.models.add("puppet", [act](const model_request&) { return std::make_unique<puppet>(act); });
  return options;
}

} // namespace

TEST_SUITE_BEGIN("system");

TEST_CASE("every consistency, compensation and optimizer learns, within its staleness bound") {
  using messages::Compensation;
  using messages::Optimizer;
  struct combination {
    const char* consistency;
    Compensation compensation;
    Optimizer optimizer;
    double rate;
    bool prefetch;
  };
  for (auto [consistency, compensation, optimizer, rate, prefetch] : {
           combination{"ssp:3", Compensation::NONE, Optimizer::SGD, 0.05, false},
           combination{"ssp:0", Compensation::NONE, Optimizer::MOMENTUM, 0.01, false},
           combination{"ssp:2", Compensation::STALENESS_AWARE, Optimizer::SGD, 0.1, true},
           combination{"asp", Compensation::DC_ASGD, Optimizer::SGD, 0.05, false},
           combination{"asp", Compensation::DC_ASGD_ADAPTIVE, Optimizer::SGD, 0.05, true},
           combination{"bsp", Compensation::NONE, Optimizer::ADAMW, 0.01, false},
           combination{"ssp:1", Compensation::NONE, Optimizer::RMSPROP, 0.003, true},
           combination{"asp", Compensation::NONE, Optimizer::ADAGRAD, 0.05, false},
           combination{"ssp:4", Compensation::NONE, Optimizer::ADAM, 0.005, false},
           combination{"ssp:3", Compensation::NONE, Optimizer::NESTEROV, 0.01, false},
       }) {
    CAPTURE(consistency);
    CAPTURE(static_cast<int>(optimizer));
    auto job = test::blob_job();
    job->setConsistency(consistency);
    job->setCompensation(compensation);
    job->setOptimizer(optimizer);
    job->setLearningRate(rate);
    job->setPrefetch(prefetch);
    job->setWorkers(4);
    job->setShards(2);
    job->setEpochs(4);
    auto result = test::checked_train(job, test::with(test::blob_data()));
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == Summary::Outcome::COMPLETED);
    CHECK(summary->getTestAccuracy() > 0.85);
    CHECK(summary->getEpochs() == 4);
    auto pushes = 4u * 30u; // epochs x steps of a worker
    for (auto shard : summary->getShards())
      for (auto worker : shard.getWorkers())
        CHECK(worker.getUpdates() == pushes);
  }
}

TEST_CASE("progress tells each epoch with its test result, once, in order") {
  auto job = test::blob_job();
  job->setEpochs(5);
  job->setWorkers(2);
  std::vector<std::uint32_t> tested;
  auto result = test::checked_train(job, test::with(test::blob_data(), [&tested](messages::Progress::Reader progress) {
                                      if (progress.getTest().isResult())
                                        tested.push_back(progress.getEpoch());
                                    }));
  REQUIRE_FALSE(tested.empty());
  CHECK(std::ranges::is_sorted(tested));
  CHECK(std::set<std::uint32_t>(tested.begin(), tested.end()).size() == tested.size());
  CHECK(tested.back() == 5);
}

TEST_CASE(
    "a worker's parameters lie in memory of the shard: pulling again without an update gives the same addresses") {
  // Two workers at the same step, held together by a slack of 0, read the same version: then they read the same memory.
  auto job = test::blob_job();
  job->setModel("puppet");
  job->setConsistency("bsp");
  job->setWorkers(4);
  job->setEpochs(1);
  std::mutex mutex;
  std::vector<const float*> seen;
  auto result = train(job, with_puppet([&mutex, &seen](const_parameters parameters) {
                        std::lock_guard lock{mutex};
                        seen.push_back(parameters.block(0).data());
                      }));
  CHECK(result.summary.read()->getOutcome() == Summary::Outcome::COMPLETED);
  REQUIRE(seen.size() % 4 == 0);
  for (std::size_t i = 0; i < seen.size(); i += 4)
    CHECK(std::set<const float*>(seen.begin() + static_cast<std::ptrdiff_t>(i),
                                 seen.begin() + static_cast<std::ptrdiff_t>(i + 4))
              .size() == 1);
}

TEST_CASE("a model that throws ends the job with a sentence naming the worker, the step and the cause") {
  for (auto workers : in_threads) {
    CAPTURE(workers);
    auto job = test::blob_job();
    job->setModel("puppet");
    job->setWorkers(workers);
    std::atomic<int> calls = 0;
    auto result = train(job, with_puppet([&calls](const_parameters) {
                          if (++calls == 20)
                            throw std::runtime_error("the tape is torn");
                        }));
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == Summary::Outcome::FAILED);
    std::string sentence = summary->getSentence().cStr();
    CHECK(sentence.find("worker ") == 0);
    CHECK(sentence.find(" at step ") != std::string::npos);
    CHECK(sentence.find("the tape is torn") != std::string::npos);
    CHECK(result.parameters.has_value());
  }
}

TEST_CASE("a computation that dies ends the job with a sentence naming the worker") {
  for (auto workers : in_threads) {
    CAPTURE(workers);
    auto job = test::blob_job();
    job->setModel("puppet");
    job->setWorkers(workers);
    std::atomic<int> calls = 0;
    auto result = train(job, with_puppet([&calls](const_parameters) {
                          if (++calls == 20)
                            throw 42; // not a std::exception: nobody expects it
                        }));
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == Summary::Outcome::FAILED);
    std::string sentence = summary->getSentence().cStr();
    CHECK(sentence.find("worker ") == 0);
    CHECK(sentence.find("the computation threw what is no std::exception") != std::string::npos);
  }
}

TEST_CASE("shards that are large enough for a thread of their own train as others do") {
  auto job = test::blob_job();
  job->setModel("wide");
  job->setWorkers(2);
  job->setEpochs(1);
  job->setLearningRate(1);
  job->setBatchSize(150);
  struct wide final : model {
    std::vector<tensor_spec> tensors() const override { return {{.name = "w", .shape = {5'000'000}, .init = {}}}; }
    std::size_t outputs() const override { return 4; }
    batch_result gradient(const batch& samples, const_parameters, mutable_parameters gradient) override {
      std::ranges::fill(gradient.tensor(0), 1.0f);
      return {1.0, 0, samples.size()};
    }
    batch_result evaluate(const batch& samples, const_parameters) override { return {1.0, 0, samples.size()}; }
    void predict(const batch&, const_parameters, std::span<float>) override {}
  };
  auto options = test::with(test::blob_data());
  options.models.add("wide", [](const model_request&) { return std::make_unique<wide>(); });
  auto result = test::checked_train(job, std::move(options));
  CHECK(result.summary.read()->getOutcome() == Summary::Outcome::COMPLETED);
  CHECK(result.parameters->view().block(0)[4'999'999] == -8.0f); // 2 workers x 4 steps
}

TEST_CASE("a job that diverges says at which step of which worker, and hands over parameters that are finite") {
  for (auto workers : in_threads) {
    CAPTURE(workers);
    auto job = test::blob_job();
    job->setLearningRate(1000);
    job->setActivation(messages::Activation::RELU);
    job->setWorkers(workers);
    job->setEpochs(50);
    auto result = train(job, test::with(test::blob_data()));
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == Summary::Outcome::DIVERGED);
    std::string sentence = summary->getSentence().cStr();
    CHECK(sentence.find("not finite") != std::string::npos);
    CHECK(sentence.find("-nan") == std::string::npos);
    REQUIRE(result.parameters);
    for (auto value : test::flat(*result.parameters))
      REQUIRE(std::isfinite(value));
  }
}

TEST_CASE("a stop ends the job after the steps under way, with what was learned") {
  for (auto workers : in_threads) {
    CAPTURE(workers);
    auto job = test::blob_job();
    job->setEpochs(100000);
    job->setWorkers(workers);
    job->setShards(std::min(workers, 2u));
    std::stop_source stop;
    auto options = test::with(test::blob_data(), [&stop](messages::Progress::Reader) { stop.request_stop(); });
    options.stop = stop.get_token();
    auto result = test::checked_train(job, std::move(options));
    CHECK(result.summary.read()->getOutcome() == Summary::Outcome::STOPPED);
    CHECK(result.summary.read()->getSamples() > 0);
    CHECK(result.parameters.has_value());
  }
}

TEST_CASE("a job whose workers are silent ends with a stall report instead of hanging") {
  for (auto workers : in_threads) {
    CAPTURE(workers);
    auto job = test::blob_job();
    job->setModel("puppet");
    job->setConsistency("ssp:1");
    job->setWorkers(workers);
    job->setStallSeconds(0.3);
    std::atomic<int> calls = 0;
    std::atomic<bool> over = false;
    auto result = train(job, with_puppet([&calls, &over](const_parameters) {
                          // One computation takes much longer than the job is willing to wait.
                          if (++calls == 5)
                            for (int i = 0; i < 40 && !over; ++i)
                              std::this_thread::sleep_for(std::chrono::milliseconds{50});
                        }));
    over = true;
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == Summary::Outcome::FAILED);
    std::string sentence = summary->getSentence().cStr();
    CHECK(sentence.find("nothing progressed for 0.3 s") == 0);
    CHECK(sentence.find(workers == 1 ? "nothing comes from worker 0" : "waits at shard 0") != std::string::npos);
  }
}

TEST_CASE("a coordinator lives in an actor system of the caller, and its members end with it") {
  init_global_meta_objects();
  enum class ending { stopped_half_way, killed, observer_gone };
  for (auto end : {ending::stopped_half_way, ending::killed, ending::observer_gone})
    for (auto members : {1u, 2u}) {
      CAPTURE(members);
      CAPTURE(static_cast<int>(end));
      caf::actor_system_config config;
      caf::actor_system system{config};
      auto job = test::blob_job();
      job->setEpochs(100000);
      job->setWorkers(members);
      job->setShards(members);
      auto context = job_context::make(job, standard_models(), test::blob_data());
      caf::scoped_actor self{system};
      auto coordinator = spawn_coordinator(system, context, observer_of(self));
      if (end == ending::killed)
        caf::anon_send_exit(coordinator, caf::exit_reason::kill);
      bool over = end != ending::stopped_half_way;
      while (!over)
        self->receive([&coordinator](const message<messages::Progress>&) { request_stop(coordinator); },
                      [&over](const finish_job& last) {
                        over = true;
                        CHECK(last.summary.read()->getOutcome() == Summary::Outcome::STOPPED);
                      });
      // The system waits for all its actors when it goes: a test that hangs here has found one that does not end.
    }
}

TEST_CASE("parameters that were never trained do not replace a file that is there") {
  auto file = std::filesystem::temp_directory_path() / ("drover-keep-" + std::to_string(::getpid()) + ".safetensors");
  std::ofstream{file} << "yesterday's";
  auto job = test::blob_job();
  job->setModel("puppet");
  job->setSave(file.string());
  auto options = with_puppet([](const_parameters) { throw std::runtime_error("the tape is torn"); });
  auto result = train(job, std::move(options));
  CHECK(result.saved.empty());
  std::string content;
  std::ifstream{file} >> content;
  CHECK(content == "yesterday's");
  std::filesystem::remove(file);
  // Nothing there: the initial parameters are better than nothing.
  result = train(job, with_puppet([](const_parameters) { throw std::runtime_error("the tape is torn"); }));
  CHECK(result.saved == file.string());
  std::filesystem::remove(file);
}

TEST_CASE("a job that is stopped before its first step does not replace a file that is there") {
  auto file = std::filesystem::temp_directory_path() / ("drover-stop-" + std::to_string(::getpid()) + ".safetensors");
  auto job = test::blob_job();
  // Shards that need long to begin with: the stop is there before any worker has parameters.
  job->setModel("mlp:2000,1000");
  job->setBlockBytes(1 << 20);
  job->setWorkers(1);
  job->setSave(file.string());
  std::stop_source stop;
  stop.request_stop();
  bool before_first_step = false;
  for (int attempt = 0; attempt < 20 && !before_first_step; ++attempt) {
    std::ofstream{file} << "yesterday's";
    auto options = test::with(test::blob_data());
    options.stop = stop.get_token();
    auto result = test::checked_train(job, std::move(options));
    auto summary = result.summary.read();
    CHECK(summary->getOutcome() == Summary::Outcome::STOPPED);
    before_first_step = summary->getSamples() == 0;
    CHECK(result.saved.empty() == before_first_step);
    std::string content;
    std::ifstream{file} >> content;
    CHECK((content == "yesterday's") == before_first_step);
  }
  CHECK(before_first_step);
  std::filesystem::remove(file);
}

TEST_CASE("a metrics file on a full disk is a problem, and the training goes on") {
  if (!std::filesystem::exists("/dev/full")) {
    MESSAGE("skipped: there is no /dev/full");
    return;
  }
  auto job = test::blob_job();
  job->setMetrics("/dev/full");
  auto result = test::checked_train(job, test::with(test::blob_data()));
  CHECK(result.summary.read()->getOutcome() == Summary::Outcome::COMPLETED);
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].find("/dev/full") != std::string::npos);
}

TEST_CASE("a job that cannot run is refused before anything starts") {
  auto job = test::blob_job();
  job->setShards(500);
  CHECK_THROWS_WITH_AS((void)train(job, test::with(test::blob_data())), doctest::Contains("shards: 500 are too many"),
                       std::invalid_argument);
  job = test::blob_job();
  job->setModel("mlp:1000000,1000000");
  CHECK_THROWS_WITH_AS((void)train(job, test::with(test::blob_data())), doctest::Contains("this machine has"),
                       std::invalid_argument);
  CHECK_THROWS_AS((void)train(test::blob_job(), test::with({test::blob_data().train, nullptr})), std::invalid_argument);
  job = test::blob_job();
  job->setWorkers(1000);
  CHECK_THROWS_AS((void)train(job, test::with(test::blob_data())), std::invalid_argument);
}

TEST_SUITE_END();
