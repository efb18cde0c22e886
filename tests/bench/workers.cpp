// Samples a second through actors against the bare training loop: the same data, steps and arithmetic in the same run.
// Limit: one worker can be no faster than the loop, but with prefetch, where its shard works beside it; n workers no
// faster than n loops, or one loop a core. Processor time is shown beside it: what messages and cold caches cost in
// work, whoever else uses the machine; the rest of a ratio is waiting, for another thread to wake up or for a core.
// Each measurement runs in a process of its own, on memory of its own.

#include "drover/actors/cluster.hpp"

#include "tests/bench/bare_loop.hpp"
#include "tests/bench/fashion.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/own_process.hpp"
#include <cstdio>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

struct setting {
  const char* name;
  std::uint32_t workers;
  bool prefetch;
};

job job_of(const setting& with) {
  auto what = fashion_job();
  what->setWorkers(with.workers);
  what->setPrefetch(with.prefetch);
  return what;
}

train_result run(const setting& with, const dataset_pair& data) {
  train_options options;
  options.data = data;
  auto result = train(job_of(with), std::move(options));
  if (result.summary.read()->getOutcome() != messages::Summary::Outcome::COMPLETED)
    throw std::runtime_error(result.summary.read()->getSentence().cStr());
  return result;
}

// Both sides begin with the job's data in memory and end with the last update.
double bare(const dataset_pair& data) {
  auto context = job_context::make(fashion_job(), standard_models(), data);
  auto seconds = seconds_of([&context] {
    bare_loop loop{context};
    for (std::uint64_t t = 0; t < context->plan.steps; ++t)
      loop.step(t);
  });
  return static_cast<double>(context->plan.steps * context->what.read().getBatchSize()) / seconds;
}

bool same_bits(const dataset_pair& data) {
  auto context = job_context::make(fashion_job(), standard_models(), data);
  bare_loop loop{context};
  for (std::uint64_t t = 0; t < context->plan.steps; ++t)
    loop.step(t);
  auto trained = run({"", 1, false}, data);
  std::vector<float> flat;
  for (std::size_t i = 0; i < context->plan.layout->blocks().size(); ++i) {
    auto block = trained.parameters->view().block(i);
    flat.insert(flat.end(), block.begin(), block.end());
  }
  return flat.size() == loop.parameters().size() &&
         std::memcmp(flat.data(), loop.parameters().data(), flat.size() * sizeof(float)) == 0;
}

} // namespace

int main(int argc, char** argv) {
  std::vector<std::vector<double>> processor; ///< seconds a round, a row a side
  contest sides;
  auto add = [&sides, &processor](const char* name, std::function<double()> rate) {
    auto row = processor.size();
    processor.emplace_back();
    sides.add(name, [rate = std::move(rate), row, &processor] {
      auto result = in_own_process(rate);
      processor[row].push_back(result.processor_seconds);
      return result.value;
    });
  };
  print_title("samples/s through actors against the bare training loop (mlp:256,128, batch 32, sgd, asp, 1 shard)");
  auto data = fashion();
  add("bare loop, 1 thread", [&data] { return bare(data); });
  for (auto with :
       {setting{"1 worker", 1, false}, setting{"1 worker, prefetch", 1, true}, setting{"2 workers", 2, false},
        setting{"2 workers, prefetch", 2, true}, setting{"4 workers", 4, false}})
    add(with.name, [&data, with] { return run(with, data).summary.read()->getSamplesPerSecond(); });
  sides.run(rounds_of(argc, argv, 15));
  auto processor_ratio = [&processor](std::size_t side) {
    std::vector<double> ratios;
    for (std::size_t round = 1; round < processor[side].size(); ++round) // the first was the warm-up
      ratios.push_back(processor[side][round] / processor[0][round]);
    return to_string(spread_of(std::move(ratios)));
  };
  for (std::size_t side = 0; side < sides.size(); ++side)
    std::printf("%-20s %8.0f samples/s   x bare %s   processor time a sample x bare %s\n", sides.name(side).c_str(),
                sides.rate(side).median, to_string(sides.ratio(side, 0)).c_str(), processor_ratio(side).c_str());
  std::printf("1 worker learned the bits of the bare loop: %s\n", same_bits(data) ? "yes" : "NO");
}
