#include "drover/models/data/batch_source.hpp"
#include "drover/models/rules/schedule.hpp"
#include "drover/models/rules/update_rule.hpp"

#include <doctest/doctest.h>

#include "fashion_mnist.hpp"
#include "network.hpp"
#include <chrono>
#include <numeric>

namespace drover {

namespace {

double test_accuracy(const test::network& network, const dataset& data) {
  std::vector<std::uint32_t> indices(data.size()), labels(data.size());
  std::iota(indices.begin(), indices.end(), 0u);
  std::vector<float> features(data.size() * data.shape().features);
  data.read(indices, features, labels);
  return network.made->evaluate({features, data.shape().features, labels}, network.weights()).accuracy();
}

/// Plain stochastic gradient descent, one step after another: what any distribution of the work is measured against.
double train(std::string_view specification, const dataset_pair& data, std::uint64_t epochs) {
  test::network network(specification, data.train->shape());
  network.initialize(1);
  auto rule = make_update_rule("sgd", {});
  batch_source batches(data.train, {});
  auto steps = epochs * batches.steps_per_epoch();
  // Falling to 0, so that the result does not hang on where the last steps happen to lead.
  learning_rate_schedule rate{.shape = learning_rate_schedule::kind::cosine, .base = 0.1, .steps = steps};
  auto start = std::chrono::steady_clock::now();
  for (std::uint64_t t = 0; t < steps; ++t) {
    network.made->gradient(batches.at(t), network.weights(), network.gradients());
    rule->apply(*network.device, *network.order, {rate.at(t), t + 1}, network.flat.span(), network.flat_gradient.span(),
                network.flat.span(), {});
  }
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  auto accuracy = test_accuracy(network, *data.test);
  MESSAGE(specification << ": " << 100 * accuracy << " % after " << epochs << " epochs, "
                        << static_cast<double>(steps * 32) / seconds.count() << " samples/s");
  return accuracy;
}

} // namespace

TEST_SUITE("system") {

  TEST_CASE("softmax regression learns Fashion-MNIST to 83 %") {
    if (auto data = test::fashion_mnist())
      CHECK(train("softmax", *data, 5) >= 0.83);
  }

  TEST_CASE("a network with one hidden layer of 100 learns Fashion-MNIST to 87 %") {
    if (auto data = test::fashion_mnist())
      CHECK(train("mlp:100", *data, 6) >= 0.87);
  }

  TEST_CASE("a network with hidden layers of 256 and 128 learns Fashion-MNIST to 87 %") {
    if (auto data = test::fashion_mnist())
      CHECK(train("mlp:256,128", *data, 5) >= 0.87);
  }
}

} // namespace drover
