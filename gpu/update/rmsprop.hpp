#pragma once

#include "drover/gpu/host_device.hpp"

#include <cmath>
#include <cstddef>

namespace drover::gpu {

/// s = decay s + (1 - decay) g g; w -= learning_rate g / (sqrt(s) + epsilon); g includes weight_decay w.
struct rmsprop_update {
  static constexpr std::size_t slots = 1;
  float learning_rate = 0;
  float decay = 0;
  float epsilon = 0;
  float weight_decay = 0;

  /// New value of one parameter; changes its mean square s.
  DROVER_HOST_DEVICE inline float operator()(float w, float g, float& s) const {
    float decayed = g + weight_decay * w;
    s = decay * s + (1 - decay) * decayed * decayed;
    return w - learning_rate * decayed / (std::sqrt(s) + epsilon);
  }
};

} // namespace drover::gpu
