#include "drover/models/data/batch_source.hpp"

#include "drover/models/data/augment.hpp"
#include "drover/models/random.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

namespace drover {

namespace {

void check(const dataset& data, const batch_options& options) {
  if (options.batch_size == 0)
    throw std::invalid_argument("batch size is 0: at least 1 is needed");
  if (options.part.index >= options.part.count)
    throw std::invalid_argument("slice " + std::to_string(options.part.index) + " of " +
                                std::to_string(options.part.count) + " does not exist: slices are counted from 0");
  if (data.size() / options.part.count < options.batch_size)
    throw std::invalid_argument("the data have " + std::to_string(data.size()) + " samples: a step takes " +
                                std::to_string(options.batch_size) + " for each of " +
                                std::to_string(options.part.count) + " workers");
  check_kind(data, options.kind);
  bool augments = options.augment.shift_pixels != 0 || options.augment.flip;
  if (augments && !data.shape().is_image())
    throw std::invalid_argument("augmentation is asked for, but the data are no images: shifting and flipping need "
                                "height and width");
}

} // namespace

batch_source::batch_source(std::shared_ptr<const dataset> data, const batch_options& options,
                           std::shared_ptr<epoch_orders> orders)
    : data_(std::move(data)), options_(options), orders_(std::move(orders)) {
  check(*data_, options_);
  steps_per_epoch_ = data_->size() / options_.part.count / options_.batch_size;
  if (!orders_)
    orders_ = std::make_shared<epoch_orders>(data_->size(), options_.seed);
  if (options_.kind == sample_kind::features)
    scratch_.resize(data_->shape().features);
}

std::span<const std::uint32_t> batch_source::samples_of(std::uint64_t t, const slice_lease& lease) {
  auto size = options_.batch_size;
  auto slice_at = [&](std::size_t index) {
    auto run = t % steps_per_epoch_ * options_.part.count + index;
    return std::span<const std::uint32_t>(*order_).subspan(run * size, size);
  };
  auto own = slice_at(options_.part.index);
  if (lease.slices.empty())
    return own;
  samples_.assign(own.begin(), own.end());
  // Another piece each step: where there are fewer samples than pieces, all workers have their turn.
  auto piece = (lease.piece + t) % lease.pieces;
  for (const auto& lost : lease.slices)
    if (lost.slice != options_.part.index && t >= lost.from)
      std::ranges::copy(
          slice_at(lost.slice).first(size * (piece + 1) / lease.pieces).subspan(size * piece / lease.pieces),
          std::back_inserter(samples_));
  return samples_;
}

batch batch_source::at(std::uint64_t t, const slice_lease& lease) {
  auto epoch = t / steps_per_epoch_;
  if (epoch != epoch_) {
    order_ = orders_->of(epoch);
    epoch_ = epoch;
  }
  auto samples = samples_of(t, lease);
  if (options_.kind != sample_kind::features) {
    places_.resize(samples.size());
    return batch_of(*data_, samples, places_);
  }
  auto shape = data_->shape();
  features_.resize(samples.size() * shape.features);
  labels_.resize(samples.size());
  data_->read(samples, features_, labels_);
  if (options_.augment.shift_pixels != 0 || options_.augment.flip)
    for (std::size_t i = 0; i < samples.size(); ++i)
      augment(std::span(features_).subspan(i * shape.features, shape.features), shape, options_.augment,
              random_bits::key(options_.seed, "augment", epoch, samples[i]), scratch_);
  return {.features = features_, .columns = shape.features, .labels = labels_};
}

} // namespace drover
