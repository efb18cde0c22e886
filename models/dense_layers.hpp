#pragma once

#include "drover/gpu/device.hpp"
#include "drover/models/parameters.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace drover {

/// One fully connected layer: outputs = inputs Wᵀ + b.
struct dense_layer {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  initializer weights;
};

/// Fully connected layers with one activation between them and none after the last: what models are built of. Tensor
/// first + 2 i of the model is the weight of layer i, tensor first + 2 i + 1 its bias; a weight's rows are a layer's
/// outputs, so each slab of rows makes some columns of them. Serves one thread at a time.
class dense_layers {
public:
  /// At least one layer; each takes what the one before gives. `first`: index of the first weight among the model's
  /// tensors. The device outlives this object; parameters, gradients and inputs lie in memory that it reads.
  dense_layers(gpu::device& device, gpu::activation function, std::vector<dense_layer> layers, std::size_t first = 0);

  /// "layers.0.weight" [outputs, inputs], "layers.0.bias" [outputs], and so on.
  [[nodiscard]] std::vector<tensor_spec> tensors() const;
  [[nodiscard]] std::size_t inputs() const { return layers_.front().inputs; }
  [[nodiscard]] std::size_t outputs() const { return layers_.back().outputs; }
  /// On which both passes are enqueued: what they write is there after its `synchronize`.
  [[nodiscard]] gpu::stream& stream() { return *stream_; }

  /// Outputs, samples x outputs(), row-major, valid until the next pass with more samples; from inputs, samples x
  /// inputs(), which stay as they are until the backward pass is over.
  std::span<const float> forward(std::size_t samples, std::span<const float> inputs, const_parameters parameters);

  /// Room for d loss / d outputs of the last forward pass, samples x outputs(): to be written before `backward`, which
  /// overwrites it.
  [[nodiscard]] std::span<float> output_gradient();

  /// Writes every float of the layers' part of `gradient`, and d loss / d inputs to `input_gradient`, samples x
  /// inputs(), where that is not empty. The parameters are those of the forward pass.
  void backward(const_parameters parameters, mutable_parameters gradient, std::span<float> input_gradient = {});

private:
  /// What a layer keeps of a batch between forward and backward.
  struct layer_memory {
    gpu::buffer outputs;
    gpu::buffer inputs;   ///< of the activation, where its backward pass needs them
    gpu::buffer gradient; ///< with respect to the outputs
  };

  void reserve(std::size_t samples);
  [[nodiscard]] std::size_t weight_of(std::size_t layer) const { return first_ + 2 * layer; }
  [[nodiscard]] std::size_t bias_of(std::size_t layer) const { return first_ + 2 * layer + 1; }
  [[nodiscard]] gpu::activation function_of(std::size_t layer) const;
  [[nodiscard]] std::span<const float> inputs_of(std::size_t layer) const;

  void forward_layer(std::size_t layer, const_parameters parameters);
  void backward_layer(std::size_t layer, const_parameters parameters, mutable_parameters gradient,
                      std::span<float> leaving);

  gpu::device* device_;
  gpu::activation function_;
  std::vector<dense_layer> layers_;
  std::size_t first_;
  std::unique_ptr<gpu::stream> stream_;
  std::vector<layer_memory> memory_;
  std::span<const float> first_inputs_;
  std::size_t samples_ = 0; ///< of the last forward pass
  std::size_t samples_max_ = 0;
};

} // namespace drover
