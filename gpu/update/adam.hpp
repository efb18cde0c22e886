#pragma once

#include "drover/gpu/host_device.hpp"

#include <cmath>
#include <cstddef>

namespace drover::gpu {

/// Kingma 2015, algorithm 1, with PyTorch's place for epsilon: m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g
/// g; w -= learning_rate (m / correction1) / (sqrt(s / correction2) + epsilon); g includes weight_decay w.
struct adam_update {
  static constexpr std::size_t slots = 2;
  float step_size = 0; ///< learning_rate / correction1, correction1 = 1 - beta1^count
  float beta1 = 0;
  float beta2 = 0;
  float root_correction2 = 1; ///< sqrt(1 - beta2^count)
  float epsilon = 0;
  float weight_decay = 0;

  /// New value of one parameter; changes its first and second moment, m and s.
  DROVER_HOST_DEVICE inline float operator()(float w, float g, float& m, float& s) const {
    float decayed = g + weight_decay * w;
    m = beta1 * m + (1 - beta1) * decayed;
    s = beta2 * s + (1 - beta2) * decayed * decayed;
    return w - step_size * m / (std::sqrt(s) / root_correction2 + epsilon);
  }
};

} // namespace drover::gpu
