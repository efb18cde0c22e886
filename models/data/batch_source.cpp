#include "drover/models/data/batch_source.hpp"

#include "drover/models/data/augment.hpp"
#include "drover/models/random.hpp"

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
  if (options_.kind != sample_kind::features) {
    places_.resize(options_.batch_size);
    return;
  }
  auto features = data_->shape().features;
  features_.resize(options_.batch_size * features);
  labels_.resize(options_.batch_size);
  scratch_.resize(features);
}

batch batch_source::at(std::uint64_t t) {
  auto epoch = t / steps_per_epoch_;
  if (epoch != epoch_) {
    order_ = orders_->of(epoch);
    epoch_ = epoch;
  }
  auto run = t % steps_per_epoch_ * options_.part.count + options_.part.index;
  auto samples = std::span<const std::uint32_t>(*order_).subspan(run * options_.batch_size, options_.batch_size);
  if (options_.kind != sample_kind::features)
    return batch_of(*data_, samples, places_);
  data_->read(samples, features_, labels_);
  auto shape = data_->shape();
  if (options_.augment.shift_pixels != 0 || options_.augment.flip)
    for (std::size_t i = 0; i < samples.size(); ++i)
      augment(std::span(features_).subspan(i * shape.features, shape.features), shape, options_.augment,
              random_bits::key(options_.seed, "augment", epoch, samples[i]), scratch_);
  return {.features = features_, .columns = shape.features, .labels = labels_};
}

} // namespace drover
