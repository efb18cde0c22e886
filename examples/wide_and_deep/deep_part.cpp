#include "deep_part.hpp"

#include <drover/models/slab_lookup.hpp>

#include <algorithm>
#include <cmath>

namespace {

// He 2015: what a layer of relu makes is of the size of what enters it.
std::vector<drover::dense_layer> layers_of(const deep_part::sizes& sizes) {
  std::vector<drover::dense_layer> result;
  auto inputs = 2 * sizes.embedding;
  auto add = [&](std::size_t outputs) {
    auto deviation = static_cast<float>(std::sqrt(2 / static_cast<double>(inputs)));
    result.push_back({inputs, outputs, {drover::initializer::kind::normal, deviation}});
    inputs = outputs;
  };
  std::ranges::for_each(sizes.hidden, add);
  add(1);
  return result;
}

} // namespace

deep_part::deep_part(const drover::data_shape& shape, drover::gpu::activation function, drover::gpu::device& device,
                     std::size_t first, const sizes& wanted)
    : users_(shape.users), items_(shape.items), embedding_(wanted.embedding), first_(first), device_(&device),
      layers_(device, function, layers_of(wanted), first + 2) {}

std::vector<drover::tensor_spec> deep_part::tensors() const {
  const drover::initializer drawn{drover::initializer::kind::normal, 0.1f};
  std::vector<drover::tensor_spec> result{
      {"user.embedding", {users_, embedding_}, drawn, true, drover::row_owner::user},
      {"item.embedding", {items_, embedding_}, drawn, true, drover::row_owner::item}};
  std::ranges::copy(layers_.tensors(), std::back_inserter(result));
  return result;
}

void deep_part::predict(const drover::batch& samples, drover::const_parameters parameters,
                        std::span<float> predictions) {
  reserve(samples.size());
  const drover::slab_lookup users{parameters, first_};
  const drover::slab_lookup items{parameters, first_ + 1};
  auto* next = inputs_.span().data();
  auto add = [&](const drover::slab_lookup<const float>& rows, std::uint32_t row, std::size_t count) {
    next = row < count ? std::copy_n(&rows[row], embedding_, next) : std::fill_n(next, embedding_, 0.0f);
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    add(users, rating_at(samples, i).user, users_);
    add(items, rating_at(samples, i).item, items_);
  }
  auto outputs = layers_.forward(samples.size(), inputs_.span().first(samples.size() * layers_.inputs()), parameters);
  layers_.stream().synchronize();
  for (std::size_t i = 0; i < samples.size(); ++i)
    predictions[i] += outputs[i];
}

void deep_part::gradient(const drover::batch& samples, drover::const_parameters parameters,
                         std::span<const float> slopes, drover::mutable_parameters gradient) {
  std::ranges::copy(slopes, layers_.output_gradient().begin());
  layers_.backward(parameters, gradient, input_gradient_.span().first(samples.size() * layers_.inputs()));
  layers_.stream().synchronize();
  clear(gradient, first_);
  clear(gradient, first_ + 1);
  const drover::slab_lookup users{gradient, first_};
  const drover::slab_lookup items{gradient, first_ + 1};
  const auto* next = input_gradient_.span().data();
  auto add = [&](const drover::slab_lookup<float>& rows, std::uint32_t row, std::size_t count) {
    if (row < count)
      std::transform(next, next + embedding_, &rows[row], &rows[row], std::plus{});
    next += embedding_;
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    add(users, rating_at(samples, i).user, users_);
    add(items, rating_at(samples, i).item, items_);
  }
}

void deep_part::reserve(std::size_t samples) {
  auto size = samples * layers_.inputs();
  if (size <= inputs_.size())
    return;
  inputs_ = device_->allocate(size);
  input_gradient_ = device_->allocate(size);
}
