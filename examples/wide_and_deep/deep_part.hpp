#pragma once

#include <drover/models/dense_layers.hpp>

#include "part.hpp"

/// Fully connected layers over what each user and each item is described by: a row of numbers that is learned, an
/// embedding. The rows may be sparse tables; the layers are dense, every sample needs them.
class deep_part final : public part {
public:
  struct sizes {
    std::size_t embedding = 8;                  ///< numbers a user, and an item
    std::vector<std::size_t> hidden = {32, 16}; ///< outputs of each layer but the last, which has one
  };
  /// `first`: index of its first tensor in the model. The device reads host memory and outlives this object.
  deep_part(const drover::data_shape& shape, drover::gpu::activation function, drover::gpu::device& device,
            std::size_t first, const sizes& wanted);

  /// user.embedding {users, embedding} and item.embedding {items, embedding}, and those of drover::dense_layers.
  [[nodiscard]] std::vector<drover::tensor_spec> tensors() const override;
  void predict(const drover::batch& samples, drover::const_parameters parameters,
               std::span<float> predictions) override;
  void gradient(const drover::batch& samples, drover::const_parameters parameters, std::span<const float> slopes,
                drover::mutable_parameters gradient) override;

private:
  void reserve(std::size_t samples);

  std::size_t users_;
  std::size_t items_;
  std::size_t embedding_;
  std::size_t first_;
  drover::gpu::device* device_;
  drover::dense_layers layers_;
  drover::gpu::buffer inputs_;         ///< samples x (a user's embedding, an item's)
  drover::gpu::buffer input_gradient_; ///< of the same shape
};
