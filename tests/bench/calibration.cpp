// The simulator against the machine that it was calibrated on: samples a second and mean staleness of jobs that `train`
// runs, and of the same jobs simulated on the cluster that `calibrate` measured. Aim: within 10 % of each other at 1, 2
// and 4 workers. Limit: how alike the machine is from one minute to the next; each round calibrates anew, and the
// spread of the real runs is shown beside. Each measurement runs in a process of its own, as a user's would.

#include "drover/actors/calibrate.hpp"
#include "drover/actors/cluster.hpp"
#include "drover/actors/simulate.hpp"

#include "tests/bench/fashion.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/own_process.hpp"
#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace drover;
using namespace drover::bench;

namespace {

constexpr std::array<std::uint32_t, 3> worker_counts{1, 2, 4};

struct figures {
  double samples_per_second = 0;
  double staleness_mean = 0;
};

figures figures_of(const train_result& result) {
  auto summary = result.summary.read();
  if (summary->getOutcome() != messages::Summary::Outcome::COMPLETED)
    throw std::runtime_error(summary->getSentence().cStr());
  double sum = 0;
  double updates = 0;
  for (auto shard : summary->getShards())
    for (auto worker : shard.getWorkers()) {
      sum += static_cast<double>(worker.getStalenessSum());
      updates += static_cast<double>(worker.getUpdates());
    }
  return {summary->getSamplesPerSecond(), sum / updates};
}

// Long enough for what a process does once, such as generating its kernels, to be a percent or two.
constexpr std::uint32_t epochs = 3;

job job_of(std::uint32_t workers) {
  auto what = fashion_job();
  what->setEpochs(epochs);
  what->setWorkers(workers);
  return what;
}

struct row {
  std::vector<double> real;
  std::vector<double> speed;     ///< simulated by real
  std::vector<double> staleness; ///< the same; nothing where the real one is 0
};

figures real_run(std::uint32_t workers, const dataset_pair& data) {
  return in_own_process([&] {
           train_options options;
           options.data = data;
           return figures_of(train(job_of(workers), std::move(options)));
         })
      .value;
}

figures simulated_run(std::uint32_t workers, const sim::cluster& here, const dataset_pair& data) {
  return in_own_process([&] {
           simulate_options how;
           how.data = data;
           return figures_of(simulate(job_of(workers), here, std::move(how)).trained);
         })
      .value;
}

figures mean(const figures& a, const figures& b) {
  return {(a.samples_per_second + b.samples_per_second) / 2, (a.staleness_mean + b.staleness_mean) / 2};
}

void compare(const figures& simulated, const figures& real, row& into) {
  into.real.push_back(real.samples_per_second);
  into.speed.push_back(simulated.samples_per_second / real.samples_per_second);
  if (real.staleness_mean > 0)
    into.staleness.push_back(simulated.staleness_mean / real.staleness_mean);
}

} // namespace

int main(int argc, char** argv) {
  print_title("the simulator against the machine it was calibrated on (mlp:256,128, batch 32, sgd, asp, 1 shard)");
  auto data = fashion();
  std::array<row, worker_counts.size()> rows;
  for (std::size_t round = 0; round < rounds_of(argc, argv, 9); ++round) {
    // Jobs in earnest before and after: a machine that changes its pace steadily is the same on average.
    std::array<figures, worker_counts.size()> before;
    for (std::size_t i = 0; i < before.size(); ++i)
      before[i] = real_run(worker_counts[i], data);
    auto measured =
        in_own_process([&] { return calibrate(job_of(1), {.models = standard_models(), .data = data}); }).value;
    std::printf("   step %.0f us, sigma %.2f, message %.1f us, update %.1f GB/s, fetch %.1f GB/s, wake-up %.1f us, "
                "crowding %.1f us\n",
                measured.step_seconds * 1e6, measured.step_sigma, measured.message_seconds * 1e6,
                measured.apply_bytes_per_second / 1e9, measured.copy_bytes_per_second / 1e9,
                measured.wake_seconds * 1e6, measured.crowded_seconds * 1e6);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto after = real_run(worker_counts[i], data);
      compare(simulated_run(worker_counts[i], measured.cluster(), data), mean(before[i], after), rows[i]);
    }
    std::fflush(stdout);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto real = spread_of(rows[i].real);
    std::printf("%u workers   real %6.0f samples/s (%.0f … %.0f)   simulated x real %s   staleness x real %s\n",
                worker_counts[i], real.median, real.low, real.high, to_string(spread_of(rows[i].speed)).c_str(),
                rows[i].staleness.empty() ? "- (0 in both)" : to_string(spread_of(rows[i].staleness)).c_str());
  }
}
