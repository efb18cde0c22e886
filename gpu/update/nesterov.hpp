#pragma once

#include "drover/gpu/host_device.hpp"

#include <cstddef>

namespace drover::gpu {

/// PyTorch's form: v = momentum v + g; w -= learning_rate (g + momentum v); g includes weight_decay w.
struct nesterov_update {
  static constexpr std::size_t slots = 1;
  float learning_rate = 0;
  float momentum = 0;
  float weight_decay = 0;

  /// New value of one parameter; changes its velocity v.
  DROVER_HOST_DEVICE constexpr float operator()(float w, float g, float& v) const {
    float decayed = g + weight_decay * w;
    v = momentum * v + decayed;
    return w - learning_rate * (decayed + momentum * v);
  }
};

} // namespace drover::gpu
