#pragma once

#include "drover/models/dense_layers.hpp"
#include "drover/models/model.hpp"

#include <cstddef>
#include <vector>

namespace drover {

/// Fully connected layers under softmax and cross-entropy.
class dense_network final : public model {
public:
  /// As of dense_layers, whose tensors are the model's. Labels and results lie in the host's memory.
  dense_network(gpu::device& device, gpu::activation function, std::vector<dense_layer> layers);

  [[nodiscard]] std::vector<tensor_spec> tensors() const override { return layers_.tensors(); }
  [[nodiscard]] std::size_t outputs() const override { return layers_.outputs(); }
  batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) override;
  batch_result evaluate(const batch& samples, const_parameters parameters) override;
  void predict(const batch& samples, const_parameters parameters, std::span<float> scores) override;

private:
  /// The logits.
  std::span<const float> forward(const batch& samples, const_parameters parameters);
  /// Enqueues the loss; an empty `gradient` means none.
  void loss(const batch& samples, std::span<const float> logits, std::span<float> gradient);

  gpu::device* device_;
  dense_layers layers_;
  gpu::cross_entropy_result result_; ///< of the work under way
};

} // namespace drover
