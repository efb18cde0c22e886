#pragma once

#include "drover/models/data/rating.hpp"
#include "drover/models/data/sparse_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace drover {

/// How a model wants its samples.
enum class sample_kind {
  features, ///< every feature of each, and a class
  rows,     ///< the features that are not 0, and a class or a number
  ratings,  ///< users, items and numbers
};

/// What the samples of a data set look like.
struct data_shape {
  std::size_t features = 0; ///< floats a sample; of ratings 0
  std::size_t classes = 0;  ///< labels are 0 … classes - 1; 0: they are numbers
  /// Images: height x width x channels == features, row-major, channels innermost. Else all 0.
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t channels = 0;
  /// Ratings: who rates and what is rated. Else both 0.
  std::size_t users = 0;
  std::size_t items = 0;

  [[nodiscard]] bool is_image() const { return height != 0; }
};

/// Samples for one step, as the model wants them. A view: the memory belongs to whoever made the batch and is valid
/// until it makes the next one.
struct batch {
  // sample_kind::features
  std::span<const float> features = {};       ///< size() x columns, row-major
  std::size_t columns = 0;                    ///< features a sample
  std::span<const std::uint32_t> labels = {}; ///< one a sample

  // sample_kind::rows and sample_kind::ratings
  std::span<const std::uint32_t> samples = {}; ///< which of all rows or ratings, one a sample
  const sparse_rows_view* rows = nullptr;      ///< all of them
  std::span<const std::uint32_t> classes = {}; ///< of all rows; empty where labels are numbers
  std::span<const rating> ratings = {};        ///< all of them
  /// Where columns of rows are numbered anew for this batch: the feature that each stands for. Else empty.
  std::span<const std::uint64_t> features_of_columns = {};

  [[nodiscard]] std::size_t size() const { return samples.empty() ? labels.size() : samples.size(); }
  /// The feature of a column of `rows`.
  [[nodiscard]] std::uint64_t feature(std::uint32_t column) const {
    return features_of_columns.empty() ? column : features_of_columns[column];
  }
};

/// What a model says of some samples. Sums, so that results add up over batches and workers.
struct batch_result {
  double loss_sum = 0;       ///< sum over samples of the loss
  std::uint64_t correct = 0; ///< samples whose best-scored class is the label
  std::uint64_t samples = 0;
  bool has_classes = true; ///< false: labels are numbers, the loss is the squared error

  batch_result& operator+=(const batch_result& other) {
    loss_sum += other.loss_sum;
    correct += other.correct;
    samples += other.samples;
    has_classes = has_classes && other.has_classes;
    return *this;
  }
  [[nodiscard]] double mean_loss() const { return samples == 0 ? 0 : loss_sum / static_cast<double>(samples); }
  /// Not a number where there are no classes.
  [[nodiscard]] double accuracy() const {
    if (!has_classes)
      return std::numeric_limits<double>::quiet_NaN();
    return samples == 0 ? 0 : static_cast<double>(correct) / static_cast<double>(samples);
  }
};

} // namespace drover
