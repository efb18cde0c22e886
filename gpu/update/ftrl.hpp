#pragma once

#include "drover/gpu/host_device.hpp"

#include <cmath>
#include <cstddef>

namespace drover::gpu {

/// FTRL-Proximal (McMahan et al. 2013, algorithm 1), alpha = learning_rate:
///
///     sigma = (sqrt(n + g g) - sqrt(n)) / alpha;  z += g - sigma w;  n += g g
///     w = 0 where |z| <= l1, else -(z - sgn(z) l1) / ((beta + sqrt(n)) / alpha + l2)
///
/// A parameter that does not start at 0 starts as if its z had led there.
struct ftrl_update {
  static constexpr std::size_t slots = 2;
  float learning_rate = 0;
  float beta = 0;
  float l1 = 0;
  float l2 = 0;

  /// New value of one parameter; changes its sum z and its sum of squares n.
  DROVER_HOST_DEVICE inline float operator()(float w, float g, float& z, float& n) const {
    float leading = -w * (beta / learning_rate + l2) - std::copysign(w == 0 ? 0.0f : l1, w);
    float start = n == 0 && z == 0 ? leading : z;
    float root = std::sqrt(n);
    n = n + g * g;
    float grown = std::sqrt(n);
    z = start + g - (grown - root) / learning_rate * w;
    float moved = -(z - std::copysign(l1, z)) / ((beta + grown) / learning_rate + l2);
    return std::fabs(z) <= l1 ? 0.0f : moved;
  }
};

} // namespace drover::gpu
