#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/data/epoch_orders.hpp"
#include "drover/models/data/slice_lease.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// The share of one worker in each step's samples.
struct slice {
  std::size_t index = 0; ///< 0 … count - 1
  std::size_t count = 1; ///< workers
};

struct augmentation {
  std::size_t shift_pixels = 0; ///< up to so many each way, uniformly; zeros come in
  bool flip = false;            ///< mirror left to right with probability 1/2
};

struct batch_options {
  std::size_t batch_size = 32; ///< samples a worker and step
  std::uint64_t seed = 1;
  slice part = {};
  augmentation augment = {};
  sample_kind kind = sample_kind::features;
};

/// A worker's sequence of batches: step t of every worker together is the t-th run of count x batch_size samples of a
/// permutation that is drawn anew for each epoch from (seed, epoch), and worker i takes the i-th part of that run. So
/// the samples of a step do not depend on who computes them when. The samples of an epoch that do not fill a run are
/// left out of that epoch. Augmentation is a function of (seed, epoch, sample).
class batch_source {
public:
  /// Throws std::invalid_argument with a sentence where the data has fewer samples than one step takes, or augmentation
  /// is asked for data that are not images, or data are not kept as they are wanted. `orders`: those of this data's
  /// size and seed, shared with the other workers of a process; without, it has its own.
  batch_source(std::shared_ptr<const dataset> data, const batch_options& options,
               std::shared_ptr<epoch_orders> orders = nullptr);

  /// Steps of one worker in an epoch: floor(samples / (count x batch_size)).
  [[nodiscard]] std::uint64_t steps_per_epoch() const { return steps_per_epoch_; }

  /// Samples of step t (from 0, counted over all epochs), and what is leased of others' slices; valid until the next
  /// call. The slices of a lease are below the options' count; the worker's own among them is not taken twice.
  [[nodiscard]] batch at(std::uint64_t t, const slice_lease& lease = {});

private:
  [[nodiscard]] std::span<const std::uint32_t> samples_of(std::uint64_t t, const slice_lease& lease);

  std::shared_ptr<const dataset> data_;
  batch_options options_;
  std::shared_ptr<epoch_orders> orders_;
  std::uint64_t steps_per_epoch_ = 0;
  std::uint64_t epoch_ = UINT64_MAX;
  epoch_orders::order order_;          ///< of that epoch
  std::vector<std::uint32_t> samples_; ///< of several slices
  std::vector<std::uint32_t> places_;
  std::vector<float> features_;
  std::vector<std::uint32_t> labels_;
  std::vector<float> scratch_;
};

} // namespace drover
