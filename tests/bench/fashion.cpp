#include "tests/bench/fashion.hpp"

#include "drover/models/data/dense_dataset.hpp"
#include "drover/models/random.hpp"

#include <cstdio>
#include <filesystem>
#include <numeric>
#include <utility>
#include <vector>

namespace drover::bench {

namespace {

constexpr const char* folder = "/usr/share/datasets/fashion-mnist";
constexpr data_shape image{.features = 784, .classes = 10, .height = 28, .width = 28, .channels = 1};
constexpr std::size_t noise_samples = 60'000;

std::shared_ptr<const dataset> first_sample(const dataset& of) {
  std::vector<float> features(of.shape().features);
  std::vector<std::uint32_t> labels(1);
  of.read(std::vector<std::uint32_t>{0}, features, labels);
  return std::make_shared<dense_dataset>(of.shape(), std::move(features), std::move(labels));
}

} // namespace

std::shared_ptr<const dataset> noise(const data_shape& shape, std::size_t samples) {
  random_sequence random{random_bits::key(1, "noise")};
  std::vector<std::uint8_t> pixels(samples * shape.features);
  for (auto& pixel : pixels)
    pixel = static_cast<std::uint8_t>(random.next());
  std::vector<std::uint32_t> labels(samples);
  for (auto& label : labels)
    label = static_cast<std::uint32_t>(random.below(shape.classes));
  return std::make_shared<dense_dataset>(shape, std::move(pixels), std::move(labels));
}

dataset_pair fashion() {
  std::shared_ptr<const dataset> train;
  if (std::filesystem::exists(folder))
    train = load_data(data_source{.data = folder}).train;
  else
    train = noise(image, noise_samples);
  std::printf("   data: %s, %zu samples\n", std::filesystem::exists(folder) ? "Fashion-MNIST" : "noise", train->size());
  return {train, first_sample(*train)};
}

job fashion_job() {
  job what;
  what->setModel("mlp:256,128");
  what->setBatchSize(32);
  what->setOptimizer(messages::Optimizer::SGD);
  what->setConsistency("asp");
  what->setEpochs(1);
  what->setWorkers(1);
  what->setShards(1);
  return what;
}

} // namespace drover::bench
