// Cuts graphs by Hogwild!: a model of one's own whose workers change the same rows in place, without locks. Prints what
// the cut weighs for 1, 2 and 4 workers, beside the cut by which the graph was made.

#include <drover/actors/cluster.hpp>

#include "cut_model.hpp"
#include "graph.hpp"
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

drover::train_result cut(const planted_graph& graph, std::uint32_t workers) {
  drover::job job;
  job->setModel("graph-cut");
  job->setConsistency("hogwild");
  job->setWorkers(workers);
  job->setEpochs(80);
  job->setLearningRate(0.5);
  job->setSchedule(drover::messages::Schedule::STEP);
  job->setScheduleStepEpochs(1);
  job->setScheduleStepFactor(0.94);
  drover::train_options options;
  options.models.add(
      "graph-cut",
      [&graph](const drover::model_request&) { return std::make_unique<cut_model>(graph.nodes, graph.terminals); },
      {.reads = drover::sample_kind::rows, .has_classes = false});
  // Tested is what was learned: the relaxed cut of all edges.
  auto edges = graph.samples();
  options.data = {edges, edges};
  auto result = drover::train(job, std::move(options));
  auto summary = result.summary.read();
  if (summary->getOutcome() != drover::messages::Summary::Outcome::COMPLETED)
    throw std::runtime_error(summary->getSentence().cStr());
  return result;
}

void compare(const planted_graph& graph) {
  auto planted = graph.cut(graph.planted);
  auto at_one = graph.cut(std::vector<std::uint32_t>(graph.nodes, 0));
  std::printf("%s: %zu nodes, %zu terminals, %zu edges\n", graph.name.c_str(), graph.nodes, graph.terminals,
              graph.edges.size());
  std::printf("  all at one  cut %7.1f\n", at_one);
  std::printf("  as planted  cut %7.1f\n", planted);
  for (auto workers : {1u, 2u, 4u}) {
    auto result = cut(graph, workers);
    auto found = graph.cut(rounded(result.parameters->view().tensor(0), graph.terminals));
    std::printf("  %u worker%s  cut %7.1f, %.2f %% of the planted one\n", workers, workers == 1 ? " " : "s", found,
                100 * found / planted);
  }
}

} // namespace

int main() try {
  compare(entity_resolution(30, 40, 1));
  compare(organs(72, 48, 1));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "graph_cuts: %s\n", error.what());
  return 1;
}
