#pragma once

#include "drover/gpu/activation.hpp"
#include "drover/gpu/vector_math.hpp"

namespace drover::gpu {

// forward: output for an input; slope: derivative, from the output or, where needs_input says so, the input.

struct identity_function {
  static constexpr bool reads_input = false;
  DROVER_ALWAYS_INLINE static float forward(float input) { return input; }
  DROVER_ALWAYS_INLINE static float slope(float) { return 1; }
};

struct relu_function {
  static constexpr bool reads_input = false;
  // Written so that NaN stays NaN: a model that diverged must not look healthy.
  DROVER_ALWAYS_INLINE static float forward(float input) { return input < 0 ? 0 : input; }
  DROVER_ALWAYS_INLINE static float slope(float output) { return output > 0 ? 1.0f : 0.0f; }
};

struct tanh_function {
  static constexpr bool reads_input = false;
  DROVER_ALWAYS_INLINE static float forward(float input) { return hyperbolic_tangent(input); }
  DROVER_ALWAYS_INLINE static float slope(float output) { return 1 - output * output; }
};

struct sigmoid_function {
  static constexpr bool reads_input = false;
  DROVER_ALWAYS_INLINE static float forward(float input) { return logistic(input); }
  DROVER_ALWAYS_INLINE static float slope(float output) { return output * (1 - output); }
};

struct gelu_function {
  static constexpr bool reads_input = true;
  DROVER_ALWAYS_INLINE static float forward(float input) { return input * normal(input).cumulative; }
  DROVER_ALWAYS_INLINE static float slope(float input) {
    auto [density, cumulative] = normal(input);
    return cumulative + input * density;
  }
};

/// Calls `use` with the functions of an activation.
template <class Use>
auto with_functions(activation which, Use use) {
  switch (which) {
  case activation::relu:
    return use(relu_function{});
  case activation::tanh:
    return use(tanh_function{});
  case activation::sigmoid:
    return use(sigmoid_function{});
  case activation::gelu:
    return use(gelu_function{});
  case activation::identity:
    break;
  }
  return use(identity_function{});
}

} // namespace drover::gpu
