#pragma once

#include "drover/gpu/device.hpp"
#include "drover/models/model.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace drover {

/// One fully connected layer: outputs = inputs Wᵀ + b.
struct dense_layer {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  initializer weights;
};

/// Fully connected layers with one activation between them, under softmax and cross-entropy. Tensor 2 i is the weight
/// of layer i, tensor 2 i + 1 its bias; a weight's rows are a layer's outputs, so each slab of rows makes some columns
/// of them.
class dense_network final : public model {
public:
  /// At least one layer; each takes what the one before gives. The device outlives the model;
  /// parameters, gradients and features lie in memory that it reads, labels and results in the host's.
  dense_network(gpu::device& device, gpu::activation function, std::vector<dense_layer> layers);

  [[nodiscard]] std::vector<tensor_spec> tensors() const override;
  [[nodiscard]] std::size_t outputs() const override { return layers_.back().outputs; }
  batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) override;
  batch_result evaluate(const batch& samples, const_parameters parameters) override;
  void predict(const batch& samples, const_parameters parameters, std::span<float> scores) override;

private:
  /// What a layer keeps of a batch between forward and backward.
  struct layer_memory {
    gpu::buffer outputs;
    gpu::buffer inputs;   ///< of the activation, where its backward pass needs them
    gpu::buffer gradient; ///< with respect to the outputs
  };

  void check(const batch& samples) const;
  void reserve(std::size_t samples);
  [[nodiscard]] gpu::activation function_of(std::size_t layer) const;
  [[nodiscard]] std::span<const float> inputs_of(std::size_t layer, std::size_t samples) const;

  void forward(const batch& samples, const_parameters parameters);
  void forward_layer(std::size_t layer, std::size_t samples, const_parameters parameters);
  void backward_layer(std::size_t layer, std::size_t samples, const_parameters parameters, mutable_parameters gradient);
  /// Enqueues the loss; an empty `gradient` means none.
  void loss(const batch& samples, std::span<float> gradient, gpu::cross_entropy_result& result);

  gpu::device* device_;
  gpu::activation function_;
  std::vector<dense_layer> layers_;
  std::unique_ptr<gpu::stream> stream_;
  std::vector<layer_memory> memory_;
  std::span<const float> first_inputs_;
  std::size_t samples_max_ = 0;
  gpu::cross_entropy_result result_; ///< of the work under way
};

} // namespace drover
