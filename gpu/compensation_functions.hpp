#pragma once

#include "drover/gpu/host_device.hpp"

#include <cmath>

namespace drover::gpu {

/// One element of compensation_arguments.
DROVER_ALWAYS_INLINE inline float compensated(float lambda, float g, float weight, float backup) {
  return g + lambda * g * g * (weight - backup);
}

/// One element of adaptive_compensation_arguments; changes its mean square.
DROVER_ALWAYS_INLINE inline float adaptively_compensated(float lambda, float decay, float g, float weight, float backup,
                                                         float& mean_square) {
  float square = decay * mean_square + (1 - decay) * g * g;
  mean_square = square;
  return g + lambda / std::sqrt(square + 1e-7f) * g * g * (weight - backup);
}

} // namespace drover::gpu
