#include "tests/actors/blobs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>

namespace drover::test {

blobs::blobs(std::size_t samples, std::uint64_t seed) {
  std::mt19937 random{static_cast<std::mt19937::result_type>(seed)};
  std::normal_distribution<float> noise{0.0f, 0.6f};
  for (std::size_t i = 0; i < samples; ++i) {
    auto label = static_cast<std::uint32_t>(i % classes);
    labels_.push_back(label);
    for (std::size_t k = 0; k < features_a_sample; ++k)
      features_.push_back((k % classes == label ? 1.0f : 0.0f) + noise(random));
  }
}

void blobs::read(std::span<const std::uint32_t> samples, std::span<float> features,
                 std::span<std::uint32_t> labels) const {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    std::copy_n(features_.begin() + static_cast<std::ptrdiff_t>(samples[i] * features_a_sample), features_a_sample,
                features.begin() + static_cast<std::ptrdiff_t>(i * features_a_sample));
    labels[i] = labels_[samples[i]];
  }
}

dataset_pair blob_data(std::size_t train) {
  return {std::make_shared<blobs>(train, 1), std::make_shared<blobs>(400, 2)};
}

job blob_job() {
  job result;
  result->setModel("mlp:32,16");
  result->setBlockBytes(4096);
  result->setBatchSize(10);
  result->setEpochs(2);
  result->setLearningRate(0.1);
  return result;
}

train_options with(dataset_pair data, progress_function on_progress) {
  train_options options;
  options.data = std::move(data);
  options.on_progress = std::move(on_progress);
  return options;
}

namespace {

// As README.md promises it: written once more, so that the code's own is not believed.
std::optional<std::uint64_t> staleness_bound(messages::Job::Reader what) {
  std::string consistency = what.getConsistency().cStr();
  std::uint64_t others = what.getWorkers() - 1;
  std::uint64_t own = what.getPrefetch() ? 1 : 0;
  if (consistency == "bsp" || consistency == "dsgd" || consistency == "nomad")
    return 0;
  if (consistency != "asp" && consistency != "hogwild")
    return (2 * std::stoull(consistency.substr(std::string{"ssp:"}.size())) + 1) * others + own;
  return others == 0 ? std::optional{own} : std::nullopt;
}

} // namespace

train_result checked_train(const job& what, train_options options) {
  auto result = train(what, std::move(options));
  auto summary = result.summary.read();
  CHECK(summary->getOutcome() != messages::Summary::Outcome::FAILED);
  auto bound = staleness_bound(what.read());
  REQUIRE(summary->getStaleness().isBound() == bound.has_value());
  if (bound) {
    CHECK(summary->getStaleness().getBound() == *bound);
    for (auto shard : summary->getShards())
      for (auto worker : shard.getWorkers())
        CHECK(worker.getStalenessMax() <= *bound);
  }
  return result;
}

std::vector<float> flat(const model_snapshot& parameters) {
  std::vector<float> result;
  for (std::size_t i = 0; i < parameters.layout().blocks().size(); ++i) {
    auto block = parameters.view().block(i);
    result.insert(result.end(), block.begin(), block.end());
  }
  return result;
}

} // namespace drover::test
