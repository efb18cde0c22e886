#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include "network.hpp"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace drover {

namespace {

constexpr gpu::activation every_activation[] = {gpu::activation::identity, gpu::activation::relu, gpu::activation::tanh,
                                                gpu::activation::sigmoid, gpu::activation::gelu};

double apply(gpu::activation function, double x) {
  switch (function) {
  case gpu::activation::identity:
    return x;
  case gpu::activation::relu:
    return std::max(x, 0.0);
  case gpu::activation::tanh:
    return std::tanh(x);
  case gpu::activation::sigmoid:
    return 1 / (1 + std::exp(-x));
  case gpu::activation::gelu:
    return x * 0.5 * std::erfc(-x / std::numbers::sqrt2);
  }
  return x;
}

using tensors = std::vector<std::vector<double>>;

/// Scores of one sample, from the definition, in double.
std::vector<double> scores(const tensors& parameters, gpu::activation function, std::span<const float> sample) {
  std::vector<double> entering(sample.begin(), sample.end());
  for (std::size_t layer = 0; 2 * layer < parameters.size(); ++layer) {
    std::vector<double> leaving = parameters[2 * layer + 1];
    for (std::size_t j = 0; j < leaving.size(); ++j) {
      for (std::size_t i = 0; i < entering.size(); ++i)
        leaving[j] += parameters[2 * layer][j * entering.size() + i] * entering[i];
      if (2 * layer + 2 < parameters.size())
        leaving[j] = apply(function, leaving[j]);
    }
    entering = leaving;
  }
  return entering;
}

double mean_loss(const tensors& parameters, gpu::activation function, const batch& samples) {
  double sum = 0;
  for (std::size_t row = 0; row < samples.size(); ++row) {
    auto z = scores(parameters, function, samples.features.subspan(row * samples.columns, samples.columns));
    double total = 0;
    for (auto score : z)
      total += std::exp(score);
    sum += std::log(total) - z[samples.labels[row]];
  }
  return sum / static_cast<double>(samples.size());
}

/// Values between -1 and 1 and labels that go round the classes.
struct sample_set {
  std::vector<float> features;
  std::vector<std::uint32_t> labels;
  std::size_t columns;

  sample_set(std::size_t count, data_shape shape) : columns(shape.features) {
    for (std::size_t i = 0; i < count * columns; ++i)
      features.push_back(static_cast<float>(random_bits::symmetric(random_bits::at(5, i))));
    for (std::size_t i = 0; i < count; ++i)
      labels.push_back(static_cast<std::uint32_t>(i % shape.classes));
  }
  batch view() const { return {features, columns, labels}; }
};

tensors read_all(const test::network& network, const gpu::buffer& from) {
  tensors result;
  for (std::size_t i = 0; i < network.layout.tensors().size(); ++i) {
    auto values = network.tensor(from, i);
    result.emplace_back(values.begin(), values.end());
  }
  return result;
}

/// Draws biases, too: at 0 they would hide faults.
void draw_everything(test::network& network) {
  network.initialize(3);
  for (std::size_t i = 0; i < network.layout.tensors().size(); ++i) {
    auto values = network.tensor(network.flat, i);
    for (std::size_t j = 0; j < values.size(); ++j)
      if (values[j] == 0)
        values[j] = static_cast<float>(0.3 * random_bits::symmetric(random_bits::at(i, j)));
    network.set_tensor(i, values);
  }
}

} // namespace

TEST_CASE("the gradient agrees with finite differences of the loss, for each activation, depth and size of blocks") {
  const data_shape shape{.features = 7, .classes = 4};
  const sample_set samples(9, shape);
  for (const auto* specification : {"softmax", "mlp:6", "mlp:9,5", "mlp:5,6,7"})
    for (auto function : every_activation)
      for (std::size_t block_bytes : {1u << 20, 64u, 1u}) {
        test::network network(specification, shape, function, block_bytes);
        draw_everything(network);
        auto result = network.made->gradient(samples.view(), network.weights(), network.gradients());
        auto parameters = read_all(network, network.flat);
        auto gradient = read_all(network, network.flat_gradient);
        CAPTURE(specification);
        CAPTURE(static_cast<int>(function));
        CAPTURE(block_bytes);
        CHECK(result.mean_loss() == doctest::Approx(mean_loss(parameters, function, samples.view())).epsilon(1e-6));
        double worst = 0;
        for (std::size_t i = 0; i < parameters.size(); ++i)
          for (std::size_t j = 0; j < parameters[i].size(); ++j) {
            constexpr double step = 1e-6;
            auto value = parameters[i][j];
            parameters[i][j] = value + step;
            auto above = mean_loss(parameters, function, samples.view());
            parameters[i][j] = value - step;
            auto below = mean_loss(parameters, function, samples.view());
            parameters[i][j] = value;
            worst = std::max(worst, std::abs((above - below) / (2 * step) - gradient[i][j]));
          }
        CHECK(worst < 1e-6);
      }
}

TEST_CASE("scores, hits and loss agree with their definitions") {
  const data_shape shape{.features = 7, .classes = 4};
  const sample_set samples(11, shape);
  test::network network("mlp:6,5", shape, gpu::activation::gelu, 1);
  draw_everything(network);
  auto parameters = read_all(network, network.flat);
  std::vector<float> found(samples.labels.size() * 4);
  network.made->predict(samples.view(), network.weights(), found);
  std::uint64_t correct = 0;
  for (std::size_t row = 0; row < samples.labels.size(); ++row) {
    auto wanted = scores(parameters, gpu::activation::gelu, std::span(samples.features).subspan(row * 7, 7));
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(found[row * 4 + i] == doctest::Approx(wanted[i]).epsilon(1e-5));
    correct += static_cast<std::size_t>(std::ranges::max_element(wanted) - wanted.begin()) == samples.labels[row];
  }
  auto result = network.made->evaluate(samples.view(), network.weights());
  CHECK(result.correct == correct);
  CHECK(result.samples == 11);
  CHECK(result.mean_loss() ==
        doctest::Approx(mean_loss(parameters, gpu::activation::gelu, samples.view())).epsilon(1e-6));
}

TEST_CASE("a gradient leaves the padding between blocks alone and overwrites everything else") {
  const data_shape shape{.features = 3, .classes = 3};
  const sample_set samples(4, shape);
  test::network network("mlp:5", shape, gpu::activation::tanh, 1);
  draw_everything(network);
  std::ranges::fill(network.flat_gradient.span(), 1e9f);
  network.made->gradient(samples.view(), network.weights(), network.gradients());
  std::size_t untouched = 0;
  for (auto value : network.flat_gradient.span())
    untouched += value == 1e9f;
  CHECK(untouched == network.layout.flat_size() - network.layout.parameters());
}

TEST_CASE("batches of changing size give what they give alone") {
  const data_shape shape{.features = 7, .classes = 4};
  test::network kept("mlp:6", shape, gpu::activation::gelu);
  draw_everything(kept);
  for (std::size_t size : {3u, 20u, 1u, 20u}) {
    const sample_set samples(size, shape);
    test::network fresh("mlp:6", shape, gpu::activation::gelu);
    draw_everything(fresh);
    auto first = kept.made->gradient(samples.view(), kept.weights(), kept.gradients());
    auto second = fresh.made->gradient(samples.view(), fresh.weights(), fresh.gradients());
    CHECK(first.loss_sum == second.loss_sum);
    CHECK(read_all(kept, kept.flat_gradient) == read_all(fresh, fresh.flat_gradient));
  }
}

TEST_CASE("a batch that does not fit the model is refused with a sentence") {
  const data_shape shape{.features = 7, .classes = 4};
  test::network network("mlp:6", shape);
  const sample_set wrong(5, {.features = 6, .classes = 4});
  CHECK_THROWS_WITH_AS(network.made->evaluate(wrong.view(), network.weights()),
                       "a batch has 30 floats in rows of 6: the model needs 5 rows of 7", std::invalid_argument);
  CHECK_THROWS_AS(network.made->gradient({{}, 7, {}}, network.weights(), network.gradients()), std::invalid_argument);
  CHECK(network.made->evaluate({{}, 7, {}}, network.weights()).samples == 0);
}

} // namespace drover
