#pragma once

#include "drover/gpu/host_device.hpp"

#include <cmath>
#include <cstddef>

namespace drover::gpu {

/// Duchi 2011: s += g g; w -= learning_rate g / (sqrt(s) + epsilon); g includes weight_decay w.
struct adagrad_update {
  static constexpr std::size_t slots = 1;
  float learning_rate = 0;
  float epsilon = 0;
  float weight_decay = 0;

  /// New value of one parameter; changes its sum of squares s.
  DROVER_HOST_DEVICE inline float operator()(float w, float g, float& s) const {
    float decayed = g + weight_decay * w;
    s = s + decayed * decayed;
    return w - learning_rate * decayed / (std::sqrt(s) + epsilon);
  }
};

} // namespace drover::gpu
