#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace drover {

/// What the samples of a data set look like.
struct data_shape {
  std::size_t features = 0; ///< floats a sample
  std::size_t classes = 0;  ///< labels are 0 … classes - 1
  /// Images: height x width x channels == features, row-major, channels innermost. Else all 0.
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 0;

  [[nodiscard]] bool is_image() const { return height != 0; }
};

/// Samples for one step. A view: the memory belongs to whoever made the batch and is valid until it makes the next one.
struct batch {
  std::span<const float> features;       ///< size() x columns, row-major
  std::size_t columns = 0;               ///< features a sample
  std::span<const std::uint32_t> labels; ///< one a sample

  [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// What a model says of some samples. Sums, so that results add up over batches and workers.
struct batch_result {
  double loss_sum = 0;       ///< sum over samples of the loss
  std::uint64_t correct = 0; ///< samples whose best-scored class is the label
  std::uint64_t samples = 0;

  batch_result& operator+=(const batch_result& other) {
    loss_sum += other.loss_sum;
    correct += other.correct;
    samples += other.samples;
    return *this;
  }
  [[nodiscard]] double mean_loss() const { return samples == 0 ? 0 : loss_sum / static_cast<double>(samples); }
  [[nodiscard]] double accuracy() const {
    return samples == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(samples);
  }
};

} // namespace drover
