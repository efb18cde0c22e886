// Trains a model of its own: logistic regression with its gradient written out, on data made here.

#include <drover/actors/cluster.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <random>

// Points in a square; the label says on which side of a line they lie.
struct points : drover::dataset {
  std::size_t size() const override { return 5000; }
  drover::data_shape shape() const override { return {.features = 2, .classes = 2}; }
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      std::mt19937 random{samples[i]};
      std::uniform_real_distribution<float> side{-1, 1};
      auto x = features[2 * i] = side(random);
      auto y = features[2 * i + 1] = side(random);
      labels[i] = 3 * x - y > 0.5f ? 1 : 0;
    }
  }
};

struct logistic : drover::model {
  std::vector<drover::tensor_spec> tensors() const override { return {{.name = "weight", .shape = {3}, .init = {}}}; }
  std::size_t outputs() const override { return 2; }

  drover::batch_result gradient(const drover::batch& samples, drover::const_parameters parameters,
                                drover::mutable_parameters gradient) override {
    auto g = gradient.tensor(0);
    std::ranges::fill(g, 0.0f);
    return each(samples, parameters, [&](float x, float y, float error) {
      g[0] += error * x / static_cast<float>(samples.size());
      g[1] += error * y / static_cast<float>(samples.size());
      g[2] += error / static_cast<float>(samples.size());
    });
  }
  drover::batch_result evaluate(const drover::batch& samples, drover::const_parameters parameters) override {
    return each(samples, parameters, [](float, float, float) {});
  }
  void predict(const drover::batch& samples, drover::const_parameters parameters, std::span<float> scores) override {
    std::size_t i = 0;
    auto w = parameters.tensor(0);
    for (std::size_t k = 0; k < samples.features.size(); k += 2, i += 2)
      scores[i + 1] = -(scores[i] = -(samples.features[k] * w[0] + samples.features[k + 1] * w[1] + w[2]) / 2);
  }

  // Calls what(x, y, d loss / d score) for each sample.
  template <class What>
  static drover::batch_result each(const drover::batch& samples, drover::const_parameters parameters, What what) {
    auto w = parameters.tensor(0);
    drover::batch_result sum{.samples = samples.size()};
    for (std::size_t i = 0; i < samples.size(); ++i) {
      auto x = samples.features[2 * i], y = samples.features[2 * i + 1], truth = static_cast<float>(samples.labels[i]);
      auto z = x * w[0] + y * w[1] + w[2];
      sum.loss_sum += std::log1p(std::exp(-std::abs(z))) + std::max(z, 0.0f) - truth * z;
      sum.correct += (z > 0) == (truth > 0) ? 1 : 0;
      what(x, y, 1 / (1 + std::exp(-z)) - truth);
    }
    return sum;
  }
};

int main() try {
  drover::job job;
  job->setModel("logistic");
  job->setWorkers(3);
  job->setLearningRate(0.5);
  drover::train_options options;
  options.models.add("logistic", [](const drover::model_request&) { return std::make_unique<logistic>(); });
  options.data = {std::make_shared<points>(), std::make_shared<points>()};
  auto result = drover::train(job, std::move(options));
  auto summary = result.summary.read();
  std::printf("%.1f %% on the right side\n", 100 * summary->getTestAccuracy());
  return summary->getOutcome() == drover::messages::Summary::Outcome::COMPLETED ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "own_model: %s\n", error.what());
  return 1;
}
