#pragma once

#include "drover/actors/job.hpp"
#include "drover/models/data/dataset.hpp"

#include <cstddef>
#include <memory>

namespace drover::bench {

/// Fashion-MNIST where it is installed, else noise of its shape: 60,000 images of 28 x 28 in 10 classes. One sample to
/// test on, so that the tests after each epoch cost nothing.
[[nodiscard]] dataset_pair fashion();

/// Samples of that shape, of bytes; they say nothing about their labels.
[[nodiscard]] std::shared_ptr<const dataset> noise(const data_shape& shape, std::size_t samples);

/// mlp:256,128, batches of 32, plain SGD, asynchronous, one epoch, one worker, one shard.
[[nodiscard]] job fashion_job();

} // namespace drover::bench
