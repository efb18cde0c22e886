// Makes a program's own actor systems nodes, with data of their own, and trains on both. Here all three are in one
// process; in earnest each is in its own, on its own machine.

#include <caf/actor_system.hpp>
#include <drover/actors/node/node.hpp>
#include <drover/actors/node/node_config.hpp>
#include <drover/actors/node/train_on_nodes.hpp>
#include <drover/models/data/dense_dataset.hpp>

#include <cstdio>
#include <exception>
#include <optional>
#include <random>

// Points in a square; the label says on which side of a line they lie. The same on every node.
drover::dataset_pair points() {
  std::mt19937 random{1};
  std::uniform_int_distribution<> side{0, 255};
  std::vector<std::uint8_t> features;
  std::vector<std::uint32_t> labels;
  for (int i = 0; i < 5000; ++i) {
    auto x = side(random), y = side(random);
    features.insert(features.end(), {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y)});
    labels.push_back(3 * x - y > 255 ? 1 : 0);
  }
  auto all = std::make_shared<drover::dense_dataset>(drover::data_shape{.features = 2, .classes = 2},
                                                     std::move(features), std::move(labels));
  return {all, all};
}

drover::node_options with_points() {
  drover::node_options options;
  options.data = points();
  return options;
}

struct place {
  drover::node_config config{std::nullopt}; // no credentials: loopback only
  caf::actor_system system{config};
  drover::node node{system, with_points()};
};

int main() try {
  drover::init_node_meta_objects(); // before the first actor system
  place one, other;
  drover::job job;
  job->setModel("mlp:16");
  job->setWorkers(3);
  job->setEpochs(5);
  drover::train_options options;
  options.data = points();
  drover::node_access nodes;
  nodes.nodes = {one.node.address(), other.node.address()};
  auto result = drover::train_on_nodes(job, nodes, std::move(options));
  auto summary = result.summary.read();
  std::printf("%.1f %% on the right side\n", 100 * summary->getTestAccuracy());
  return summary->getOutcome() == drover::messages::Summary::Outcome::COMPLETED ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "two_nodes: %s\n", error.what());
  return 1;
}
