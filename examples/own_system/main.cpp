// Spawns a coordinator into an actor system that the program has for other reasons, watches it with an actor of its
// own, and stops it cleanly half-way.

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <drover/actors/cluster.hpp>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) try {
  // Before the first actor system: CAF has to know the types of Drover's messages.
  drover::init_global_meta_objects();
  caf::actor_system_config config;
  caf::actor_system system{config};

  drover::job job;
  job->setData(argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist");
  job->setModel("mlp:64");
  job->setWorkers(2);
  job->setEpochs(6);
  auto context = drover::job_context::make(job, drover::standard_models());

  caf::scoped_actor self{system};
  auto observer = drover::observer_of(self);
  auto coordinator = drover::spawn_coordinator(system, context, observer);

  self->monitor(coordinator);
  bool over = false;
  bool stopped = false;
  while (!over)
    self->receive(
        [&](const drover::message<drover::messages::Progress>& progress) {
          auto news = progress.read();
          std::printf("%3.0f %%: loss %.3f, staleness at most %llu\n", 100 * news->getFraction(), news->getLoss(),
                      static_cast<unsigned long long>(news->getStalenessMax()));
          if (news->getFraction() >= 0.5)
            drover::request_stop(coordinator);
        },
        [&](const drover::finish_job& end) {
          over = true;
          auto summary = end.summary.read();
          stopped = summary->getOutcome() == drover::messages::Summary::Outcome::STOPPED;
          std::printf("%s after %llu samples, %.1f %% on the test images\n", summary->getSentence().cStr(),
                      static_cast<unsigned long long>(summary->getSamples()), 100 * summary->getTestAccuracy());
        },
        [&](const caf::down_msg&) { over = true; }); // last: it ends, having said all
  return stopped ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "own_system: %s\n", error.what());
  return 1;
}
