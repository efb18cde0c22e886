#include "drover/models/dense_network.hpp"

#include <stdexcept>
#include <string>

namespace drover {

namespace {

std::size_t weight_of(std::size_t layer) {
  return 2 * layer;
}

std::size_t bias_of(std::size_t layer) {
  return 2 * layer + 1;
}

} // namespace

dense_network::dense_network(gpu::device& device, gpu::activation function, std::vector<dense_layer> layers)
    : device_(&device), function_(function), layers_(std::move(layers)), stream_(device.make_stream()),
      memory_(layers_.size()) {}

std::vector<tensor_spec> dense_network::tensors() const {
  std::vector<tensor_spec> result;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const auto& [inputs, outputs, weights] = layers_[layer];
    auto name = "layers." + std::to_string(layer);
    result.push_back({name + ".weight", {outputs, inputs}, weights, true});
    result.push_back({name + ".bias", {outputs}, {}, false});
  }
  return result;
}

batch_result dense_network::gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) {
  if (samples.size() == 0)
    throw std::invalid_argument("a gradient needs at least one sample");
  forward(samples, parameters);
  auto last = layers_.size() - 1;
  loss(samples, memory_[last].gradient.span().first(samples.size() * outputs()), result_);
  for (auto layer = layers_.size(); layer-- > 0;)
    backward_layer(layer, samples.size(), parameters, gradient);
  stream_->synchronize();
  return {result_.loss_sum, result_.correct, samples.size()};
}

batch_result dense_network::evaluate(const batch& samples, const_parameters parameters) {
  if (samples.size() == 0)
    return {};
  forward(samples, parameters);
  loss(samples, {}, result_);
  stream_->synchronize();
  return {result_.loss_sum, result_.correct, samples.size()};
}

void dense_network::predict(const batch& samples, const_parameters parameters, std::span<float> scores) {
  if (scores.size() != samples.size() * outputs())
    throw std::invalid_argument("room for " + std::to_string(scores.size()) + " scores was given, " +
                                std::to_string(samples.size() * outputs()) + " are needed");
  if (samples.size() == 0)
    return;
  forward(samples, parameters);
  device_->copy(*stream_, memory_.back().outputs.span().first(scores.size()), scores);
  stream_->synchronize();
}

void dense_network::check(const batch& samples) const {
  if (samples.columns != layers_.front().inputs || samples.features.size() != samples.size() * samples.columns)
    throw std::invalid_argument("a batch has " + std::to_string(samples.features.size()) + " floats in rows of " +
                                std::to_string(samples.columns) + ": the model needs " +
                                std::to_string(samples.size()) + " rows of " + std::to_string(layers_.front().inputs));
}

void dense_network::reserve(std::size_t samples) {
  if (samples <= samples_max_)
    return;
  stream_->synchronize();
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    auto size = samples * layers_[layer].outputs;
    memory_[layer].outputs = device_->allocate(size);
    memory_[layer].gradient = device_->allocate(size);
    if (gpu::needs_input(function_of(layer)))
      memory_[layer].inputs = device_->allocate(size);
  }
  samples_max_ = samples;
}

gpu::activation dense_network::function_of(std::size_t layer) const {
  return layer + 1 == layers_.size() ? gpu::activation::identity : function_;
}

std::span<const float> dense_network::inputs_of(std::size_t layer, std::size_t samples) const {
  return layer == 0 ? first_inputs_ : memory_[layer - 1].outputs.span().first(samples * layers_[layer].inputs);
}

void dense_network::forward(const batch& samples, const_parameters parameters) {
  check(samples);
  reserve(samples.size());
  first_inputs_ = samples.features;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer)
    forward_layer(layer, samples.size(), parameters);
}

void dense_network::forward_layer(std::size_t layer, std::size_t samples, const_parameters parameters) {
  const auto& shape = layers_[layer];
  auto inputs = inputs_of(layer, samples);
  auto outputs = memory_[layer].outputs.span().first(samples * shape.outputs);
  for (std::size_t i = 0; i < parameters.slabs(weight_of(layer)); ++i) {
    auto slab = parameters.slab_of(weight_of(layer), i);
    device_->gemm(*stream_, {.rows = samples,
                             .columns = slab.rows,
                             .inner = shape.inputs,
                             .transpose_b = true,
                             .a = inputs,
                             .a_stride = shape.inputs,
                             .b = slab.values,
                             .b_stride = shape.inputs,
                             .c = outputs.subspan(slab.row_first),
                             .c_stride = shape.outputs});
  }
  auto kept = memory_[layer].inputs.span();
  device_->bias_activation(*stream_, {.function = function_of(layer),
                                      .rows = samples,
                                      .columns = shape.outputs,
                                      .values = outputs,
                                      .bias = parameters.tensor(bias_of(layer)),
                                      .kept_inputs = kept.empty() ? kept : kept.first(outputs.size())});
}

void dense_network::backward_layer(std::size_t layer, std::size_t samples, const_parameters parameters,
                                   mutable_parameters gradient) {
  const auto& shape = layers_[layer];
  auto size = samples * shape.outputs;
  auto inputs = inputs_of(layer, samples);
  auto arriving = memory_[layer].gradient.span().first(size);
  auto kept = memory_[layer].inputs.span();
  device_->activation_backward(*stream_, {.function = function_of(layer),
                                          .rows = samples,
                                          .columns = shape.outputs,
                                          .outputs = memory_[layer].outputs.span().first(size),
                                          .kept_inputs = kept.empty() ? kept : kept.first(size),
                                          .gradient = arriving,
                                          .bias_gradient = gradient.tensor(bias_of(layer))});
  for (std::size_t i = 0; i < gradient.slabs(weight_of(layer)); ++i) {
    auto slab = gradient.slab_of(weight_of(layer), i);
    device_->gemm(*stream_, {.rows = slab.rows,
                             .columns = shape.inputs,
                             .inner = samples,
                             .transpose_a = true,
                             .a = arriving.subspan(slab.row_first),
                             .a_stride = shape.outputs,
                             .b = inputs,
                             .b_stride = shape.inputs,
                             .c = slab.values,
                             .c_stride = shape.inputs});
  }
  if (layer == 0)
    return;
  auto leaving = memory_[layer - 1].gradient.span().first(samples * shape.inputs);
  for (std::size_t i = 0; i < parameters.slabs(weight_of(layer)); ++i) {
    auto slab = parameters.slab_of(weight_of(layer), i);
    device_->gemm(*stream_, {.rows = samples,
                             .columns = shape.inputs,
                             .inner = slab.rows,
                             .beta = i == 0 ? 0.0f : 1.0f,
                             .a = arriving.subspan(slab.row_first),
                             .a_stride = shape.outputs,
                             .b = slab.values,
                             .b_stride = shape.inputs,
                             .c = leaving,
                             .c_stride = shape.inputs});
  }
}

void dense_network::loss(const batch& samples, std::span<float> gradient, gpu::cross_entropy_result& result) {
  auto logits = memory_.back().outputs.span().first(samples.size() * outputs());
  device_->softmax_cross_entropy(*stream_, {.rows = samples.size(),
                                            .columns = outputs(),
                                            .logits = logits,
                                            .labels = samples.labels,
                                            .gradient = gradient,
                                            .result = &result});
}

} // namespace drover
