#pragma once

#include "drover/gpu/host_device.hpp"

#include <cmath>
#include <cstddef>

namespace drover::gpu {

/// Adam with weight decay beside the gradient instead of in it (Loshchilov 2019, algorithm 2, in PyTorch's form):
/// w *= 1 - learning_rate weight_decay, then adam_update's step with the plain gradient.
struct adamw_update {
  static constexpr std::size_t slots = 2;
  float step_size = 0; ///< learning_rate / correction1, correction1 = 1 - beta1^count
  float beta1 = 0;
  float beta2 = 0;
  float root_correction2 = 1; ///< sqrt(1 - beta2^count)
  float epsilon = 0;
  float shrink = 1; ///< 1 - learning_rate weight_decay

  /// New value of one parameter; changes its first and second moment, m and s.
  DROVER_HOST_DEVICE inline float operator()(float w, float g, float& m, float& s) const {
    m = beta1 * m + (1 - beta1) * g;
    s = beta2 * s + (1 - beta2) * g * g;
    return shrink * w - step_size * m / (std::sqrt(s) / root_correction2 + epsilon);
  }
};

} // namespace drover::gpu
