#include "drover/models/dense_layers.hpp"

#include <string>

namespace drover {

dense_layers::dense_layers(gpu::device& device, gpu::activation function, std::vector<dense_layer> layers,
                           std::size_t first)
    : device_(&device), function_(function), layers_(std::move(layers)), first_(first), stream_(device.make_stream()),
      memory_(layers_.size()) {}

std::vector<tensor_spec> dense_layers::tensors() const {
  std::vector<tensor_spec> result;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
    const auto& [inputs, outputs, weights] = layers_[layer];
    auto name = "layers." + std::to_string(layer);
    result.push_back({name + ".weight", {outputs, inputs}, weights, true});
    result.push_back({name + ".bias", {outputs}, {}, false});
  }
  return result;
}

std::span<const float> dense_layers::forward(std::size_t samples, std::span<const float> inputs,
                                             const_parameters parameters) {
  reserve(samples);
  samples_ = samples;
  first_inputs_ = inputs;
  for (std::size_t layer = 0; layer < layers_.size(); ++layer)
    forward_layer(layer, parameters);
  return memory_.back().outputs.span().first(samples * outputs());
}

std::span<float> dense_layers::output_gradient() {
  return memory_.back().gradient.span().first(samples_ * outputs());
}

void dense_layers::backward(const_parameters parameters, mutable_parameters gradient, std::span<float> input_gradient) {
  for (auto layer = layers_.size(); layer-- > 1;)
    backward_layer(layer, parameters, gradient,
                   memory_[layer - 1].gradient.span().first(samples_ * layers_[layer].inputs));
  backward_layer(0, parameters, gradient, input_gradient);
}

void dense_layers::reserve(std::size_t samples) {
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

gpu::activation dense_layers::function_of(std::size_t layer) const {
  return layer + 1 == layers_.size() ? gpu::activation::identity : function_;
}

std::span<const float> dense_layers::inputs_of(std::size_t layer) const {
  return layer == 0 ? first_inputs_ : memory_[layer - 1].outputs.span().first(samples_ * layers_[layer].inputs);
}

void dense_layers::forward_layer(std::size_t layer, const_parameters parameters) {
  const auto& shape = layers_[layer];
  auto inputs = inputs_of(layer);
  auto outputs = memory_[layer].outputs.span().first(samples_ * shape.outputs);
  for (std::size_t i = 0; i < parameters.slabs(weight_of(layer)); ++i) {
    auto slab = parameters.slab_of(weight_of(layer), i);
    device_->gemm(*stream_, {.rows = samples_,
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
                                      .rows = samples_,
                                      .columns = shape.outputs,
                                      .values = outputs,
                                      .bias = parameters.tensor(bias_of(layer)),
                                      .kept_inputs = kept.empty() ? kept : kept.first(outputs.size())});
}

void dense_layers::backward_layer(std::size_t layer, const_parameters parameters, mutable_parameters gradient,
                                  std::span<float> leaving) {
  const auto& shape = layers_[layer];
  auto size = samples_ * shape.outputs;
  auto inputs = inputs_of(layer);
  auto arriving = memory_[layer].gradient.span().first(size);
  auto kept = memory_[layer].inputs.span();
  device_->activation_backward(*stream_, {.function = function_of(layer),
                                          .rows = samples_,
                                          .columns = shape.outputs,
                                          .outputs = memory_[layer].outputs.span().first(size),
                                          .kept_inputs = kept.empty() ? kept : kept.first(size),
                                          .gradient = arriving,
                                          .bias_gradient = gradient.tensor(bias_of(layer))});
  for (std::size_t i = 0; i < gradient.slabs(weight_of(layer)); ++i) {
    auto slab = gradient.slab_of(weight_of(layer), i);
    device_->gemm(*stream_, {.rows = slab.rows,
                             .columns = shape.inputs,
                             .inner = samples_,
                             .transpose_a = true,
                             .a = arriving.subspan(slab.row_first),
                             .a_stride = shape.outputs,
                             .b = inputs,
                             .b_stride = shape.inputs,
                             .c = slab.values,
                             .c_stride = shape.inputs});
  }
  if (leaving.empty())
    return;
  for (std::size_t i = 0; i < parameters.slabs(weight_of(layer)); ++i) {
    auto slab = parameters.slab_of(weight_of(layer), i);
    device_->gemm(*stream_, {.rows = samples_,
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

} // namespace drover
