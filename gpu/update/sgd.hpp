#pragma once

#include "drover/gpu/host_device.hpp"

#include <cstddef>

namespace drover::gpu {

/// w -= learning_rate (g + weight_decay w).
struct sgd_update {
  static constexpr std::size_t slots = 0;
  float learning_rate = 0;
  float weight_decay = 0;

  /// New value of one parameter.
  DROVER_HOST_DEVICE constexpr float operator()(float w, float g) const {
    return w - learning_rate * (g + weight_decay * w);
  }
};

} // namespace drover::gpu
