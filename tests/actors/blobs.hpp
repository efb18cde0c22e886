#pragma once

#include "drover/actors/cluster.hpp"
#include "drover/models/data/dataset.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drover::test {

/// Points around one centre a class: learnt in an epoch or two, made in no time.
class blobs final : public dataset {
public:
  blobs(std::size_t samples, std::uint64_t seed);

  std::size_t size() const override { return labels_.size(); }
  data_shape shape() const override { return {.features = features_a_sample, .classes = classes}; }
  void read(std::span<const std::uint32_t> samples, std::span<float> features,
            std::span<std::uint32_t> labels) const override;

private:
  static constexpr std::size_t features_a_sample = 20;
  static constexpr std::size_t classes = 4;
  std::vector<float> features_;
  std::vector<std::uint32_t> labels_;
};

[[nodiscard]] dataset_pair blob_data(std::size_t train = 1200);

/// A small MLP on blobs, cut into many blocks.
[[nodiscard]] job blob_job();

[[nodiscard]] train_options with(dataset_pair data, progress_function on_progress = {});

/// train(), and what must hold in every real run that nobody breaks: it does not fail, and observed staleness is within
/// the bound that README.md promises, on every shard, for every worker.
[[nodiscard]] train_result checked_train(const job& what, train_options options);

[[nodiscard]] std::vector<float> flat(const model_snapshot& parameters);

} // namespace drover::test
