#include "drover/gpu/activation_functions.hpp"
#include "drover/gpu/cpu/kernels.hpp"
#include "drover/gpu/cpu/multiversioning.hpp"

namespace drover::gpu::cpu {

namespace {

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
