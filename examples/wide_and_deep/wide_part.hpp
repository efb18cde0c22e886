#pragma once

#include "part.hpp"

/// A linear model of who rates and what is rated: a weight for each user and one for each item. A sample has two of
/// them, so that both tensors may be sparse tables.
class wide_part final : public part {
public:
  /// `first`: index of its first tensor in the model.
  wide_part(const drover::data_shape& shape, std::size_t first)
      : users_(shape.users), items_(shape.items), first_(first) {}

  /// user.weight {users} and item.weight {items}, which start at 0.
  [[nodiscard]] std::vector<drover::tensor_spec> tensors() const override;
  void predict(const drover::batch& samples, drover::const_parameters parameters,
               std::span<float> predictions) override;
  void gradient(const drover::batch& samples, drover::const_parameters parameters, std::span<const float> slopes,
                drover::mutable_parameters gradient) override;

private:
  std::size_t users_;
  std::size_t items_;
  std::size_t first_;
};
