// What members cost: processor time a step, with up to 100 workers and 20 shards in one process, as a multiple of the
// bare training loop's: the same data, steps and arithmetic in the same run. Limit: the bare loop, whose parameters and
// gradient stay in one core's caches; each worker has a gradient of its own, and each shard of a step a pull and a
// push. Processor time, not rate: 100 threads on few cores wait for each other, and that is not what members cost.

#include "drover/actors/cluster.hpp"

#include "tests/bench/bare_loop.hpp"
#include "tests/bench/fashion.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/own_process.hpp"
#include <cstdio>
#include <stdexcept>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

struct setting {
  std::uint32_t workers;
  std::uint32_t shards;
};

job job_of(const setting& with) {
  constexpr std::uint32_t block_bytes = 32 << 10; // enough blocks for 20 shards
  constexpr double learning_rate = 1e-5;          // gradients of 100 workers at once, up to 99 updates late
  auto what = fashion_job();
  what->setWorkers(with.workers);
  what->setShards(with.shards);
  what->setBlockBytes(block_bytes);
  what->setLearningRate(learning_rate);
  return what;
}

// Steps of all workers together.
double run(const setting& with, const dataset_pair& data) {
  train_options options;
  options.data = data;
  auto result = train(job_of(with), std::move(options));
  auto summary = result.summary.read();
  if (summary->getOutcome() != messages::Summary::Outcome::COMPLETED)
    throw std::runtime_error(summary->getSentence().cStr());
  return static_cast<double>(summary->getSamples()) / fashion_job().read().getBatchSize();
}

double bare(const dataset_pair& data) {
  auto context = job_context::make(fashion_job(), standard_models(), data);
  bare_loop loop{context};
  for (std::uint64_t t = 0; t < context->plan.steps; ++t)
    loop.step(t);
  return static_cast<double>(context->plan.steps);
}

// Processor seconds of a step.
template <class Work>
double cost_of(const Work& work) {
  auto result = in_own_process(work);
  return result.processor_seconds / result.value;
}

} // namespace

int main(int argc, char** argv) {
  print_title("processor time a step, members in one process against the bare loop (mlp:256,128, batch 32, sgd, asp)");
  auto data = fashion();
  const std::vector<setting> settings{{1, 1}, {1, 20}, {10, 1}, {10, 20}, {100, 1}, {100, 20}};
  std::vector<std::vector<double>> ratios(settings.size());
  std::vector<std::vector<double>> more(settings.size()); ///< microseconds a step and shard
  auto rounds = rounds_of(argc, argv, 7);
  for (std::size_t round = 0; round < rounds; ++round) {
    auto alone = cost_of([&data] { return bare(data); });
    for (std::size_t i = 0; i < settings.size(); ++i) {
      auto cost = cost_of([&data, with = settings[i]] { return run(with, data); });
      ratios[i].push_back(cost / alone);
      more[i].push_back((cost - alone) * 1e6 / settings[i].shards);
    }
  }
  for (std::size_t i = 0; i < settings.size(); ++i)
    std::printf("%3u workers, %2u shards   x bare %s   more: %.1f us a step and shard\n", settings[i].workers,
                settings[i].shards, to_string(spread_of(ratios[i])).c_str(), spread_of(more[i]).median);
}
