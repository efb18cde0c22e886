// Trains an MLP on Fashion-MNIST with two workers, from an ordinary program.

#include <drover/actors/cluster.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  drover::job job;
  job->setData(argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist");
  job->setModel("mlp:64");
  job->setWorkers(2);
  job->setShards(2);
  job->setConsistency("ssp:2");
  job->setEpochs(2);

  auto result = drover::train(job, [](drover::messages::Progress::Reader progress) {
    if (progress.getTest().isResult())
      std::printf("epoch %u of %u: %.1f %% of the test images\n", progress.getEpoch(), progress.getEpochs(),
                  100 * progress.getTest().getResult().getAccuracy());
  });

  auto summary = result.summary.read();
  std::printf("%.1f %% after %.1f s\n", 100 * summary->getTestAccuracy(), summary->getSeconds());
  return summary->getOutcome() == drover::messages::Summary::Outcome::COMPLETED ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "embed: %s\n", error.what());
  return 1;
}
