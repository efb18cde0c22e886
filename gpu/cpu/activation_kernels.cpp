#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"
#include "drover/gpu/cpu/vector_math.hpp"

namespace drover::gpu::cpu {

namespace {

// forward: output for an input; slope: derivative, from the output or, where needs_input says so, the input.

struct identity_function {
  [[gnu::always_inline]] static float forward(float input) { return input; }
};

struct relu_function {
  static constexpr bool reads_input = false;
  // Written so that NaN stays NaN: a model that diverged must not look healthy.
  [[gnu::always_inline]] static float forward(float input) { return input < 0 ? 0 : input; }
  [[gnu::always_inline]] static float slope(float output) { return output > 0 ? 1.0f : 0.0f; }
};

struct tanh_function {
  static constexpr bool reads_input = false;
  [[gnu::always_inline]] static float forward(float input) { return hyperbolic_tangent(input); }
  [[gnu::always_inline]] static float slope(float output) { return 1 - output * output; }
};

struct sigmoid_function {
  static constexpr bool reads_input = false;
  [[gnu::always_inline]] static float forward(float input) { return logistic(input); }
  [[gnu::always_inline]] static float slope(float output) { return output * (1 - output); }
};

struct gelu_function {
  static constexpr bool reads_input = true;
  [[gnu::always_inline]] static float forward(float input) { return input * normal(input).cumulative; }
  [[gnu::always_inline]] static float slope(float input) {
    auto [density, cumulative] = normal(input);
    return cumulative + input * density;
  }
};

template <class Function>
[[gnu::always_inline]] inline void forward(float* values, const float* bias, float* kept, std::size_t rows,
                                           std::size_t columns) {
  for (std::size_t row = 0; row < rows; ++row, values += columns) {
    if (kept == nullptr) {
#pragma omp simd
      for (std::size_t i = 0; i < columns; ++i)
        values[i] = Function::forward(values[i] + bias[i]);
    } else {
#pragma omp simd
      for (std::size_t i = 0; i < columns; ++i) {
        kept[i] = values[i] + bias[i];
        values[i] = Function::forward(kept[i]);
      }
      kept += columns;
    }
  }
}

template <class Function>
[[gnu::always_inline]] inline void backward(float* gradient, const float* outputs, const float* kept,
                                            float* bias_gradient, std::size_t rows, std::size_t columns) {
  const float* known = Function::reads_input ? kept : outputs;
  for (std::size_t row = 0; row < rows; ++row, gradient += columns, known += columns)
#pragma omp simd
    for (std::size_t i = 0; i < columns; ++i) {
      gradient[i] *= Function::slope(known[i]);
      bias_gradient[i] += gradient[i];
    }
}

[[gnu::always_inline]] inline void column_sums(const float* gradient, float* bias_gradient, std::size_t rows,
                                               std::size_t columns) {
  for (std::size_t row = 0; row < rows; ++row, gradient += columns)
#pragma omp simd
    for (std::size_t i = 0; i < columns; ++i)
      bias_gradient[i] += gradient[i];
}

} // namespace

DROVER_VECTOR_CLONES void bias_activation(activation function, float* values, const float* bias, float* kept,
                                          std::size_t rows, std::size_t columns) {
  switch (function) {
  case activation::identity:
    return forward<identity_function>(values, bias, kept, rows, columns);
  case activation::relu:
    return forward<relu_function>(values, bias, kept, rows, columns);
  case activation::tanh:
    return forward<tanh_function>(values, bias, kept, rows, columns);
  case activation::sigmoid:
    return forward<sigmoid_function>(values, bias, kept, rows, columns);
  case activation::gelu:
    return forward<gelu_function>(values, bias, kept, rows, columns);
  }
}

DROVER_VECTOR_CLONES void activation_backward(activation function, float* gradient, const float* outputs,
                                              const float* kept, float* bias_gradient, std::size_t rows,
                                              std::size_t columns) {
  for (std::size_t i = 0; i < columns; ++i)
    bias_gradient[i] = 0;
  switch (function) {
  case activation::identity:
    return column_sums(gradient, bias_gradient, rows, columns);
  case activation::relu:
    return backward<relu_function>(gradient, outputs, kept, bias_gradient, rows, columns);
  case activation::tanh:
    return backward<tanh_function>(gradient, outputs, kept, bias_gradient, rows, columns);
  case activation::sigmoid:
    return backward<sigmoid_function>(gradient, outputs, kept, bias_gradient, rows, columns);
  case activation::gelu:
    return backward<gelu_function>(gradient, outputs, kept, bias_gradient, rows, columns);
  }
}

} // namespace drover::gpu::cpu
