#pragma once

#include <cmath>

namespace drover {

/// What a linear model's score z costs where y is true, and how that changes with z. Of classes y is -1 or 1.
struct loss_at {
  float value;
  float slope;
};

/// max(0, 1 - y z): support vector machines.
struct hinge_loss {
  static constexpr bool has_classes = true;
  [[nodiscard]] static loss_at at(float z, float y) {
    auto violation = 1 - y * z;
    // In this order: what is not a number shall not cost nothing.
    return violation <= 0 ? loss_at{0, 0} : loss_at{violation, -y};
  }
};

/// ln(1 + exp(-y z)).
struct logistic_loss {
  static constexpr bool has_classes = true;
  [[nodiscard]] static loss_at at(float z, float y) {
    // The exponent is never positive, so that nothing overflows.
    auto margin = y * z;
    auto small = std::exp(-std::fabs(margin));
    auto value = std::log1p(small) + (margin < 0 ? -margin : 0);
    auto wrong = margin < 0 ? 1 / (1 + small) : small / (1 + small); // probability of the other class
    return {value, -y * wrong};
  }
};

/// (z - y)^2. Steps go along z - y, half its slope, as is usual (Widrow and Hoff 1960).
struct squared_loss {
  static constexpr bool has_classes = false;
  [[nodiscard]] static loss_at at(float z, float y) { return {(z - y) * (z - y), z - y}; }
};

} // namespace drover
