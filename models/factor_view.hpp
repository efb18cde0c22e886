#pragma once

#include "drover/models/slab_lookup.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace drover {

/// Tensors of a model mf, in the order in which they are saved; without biases the first three.
struct factor_tensors {
  static constexpr std::size_t user_factors = 0;
  static constexpr std::size_t item_factors = 1;
  static constexpr std::size_t mean = 2;
  static constexpr std::size_t user_bias = 3;
  static constexpr std::size_t item_bias = 4;
};

/// How matrix factorization with biases predicts from its parameters (Koren, Bell and Volinsky 2009):
///
///     mean + b_u + b_i + p_u·q_i
///
/// A user or item that is none of theirs, as `rating_unknown`, has no bias and no factors: both count as 0. Valid as
/// long as the parameters; may be read from any thread.
class factor_view {
public:
  /// Finds the tensors by their names. Throws std::invalid_argument with a sentence for parameters of another model.
  explicit factor_view(const_parameters parameters);

  [[nodiscard]] float predict(std::uint32_t user, std::uint32_t item) const;

  [[nodiscard]] std::size_t users() const { return users_; }
  [[nodiscard]] std::size_t items() const { return items_; }
  [[nodiscard]] std::size_t rank() const { return rank_; }
  [[nodiscard]] bool knows(std::uint32_t user, std::uint32_t item) const { return user < users_ && item < items_; }

  /// One that there is: its `rank()` factors, and its bias, 0 where the model has none.
  [[nodiscard]] const float* user_factors(std::uint32_t user) const { return &user_factors_[user]; }
  [[nodiscard]] const float* item_factors(std::uint32_t item) const { return &item_factors_[item]; }
  [[nodiscard]] float user_bias(std::uint32_t user) const { return user_bias_ ? (*user_bias_)[user] : 0; }
  [[nodiscard]] float item_bias(std::uint32_t item) const { return item_bias_ ? (*item_bias_)[item] : 0; }

private:
  struct tensor_indices {
    std::size_t user_factors;
    std::size_t item_factors;
    std::size_t mean;
  };
  factor_view(const_parameters parameters, const tensor_indices& where);
  static tensor_indices find(const parameter_layout& layout);

  std::size_t users_;
  std::size_t items_;
  std::size_t rank_;
  float mean_;
  slab_lookup<const float> user_factors_;
  slab_lookup<const float> item_factors_;
  std::optional<slab_lookup<const float>> user_bias_;
  std::optional<slab_lookup<const float>> item_bias_;
};

} // namespace drover
