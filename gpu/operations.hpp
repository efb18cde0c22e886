#pragma once

#include "drover/gpu/activation.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace drover::gpu {

/// c = alpha op(a) op(b) + beta c, all row-major; op transposes where the flag says so. With beta = 0, c is not read.
struct gemm_arguments {
  std::size_t rows = 0;    ///< of op(a) and c
  std::size_t columns = 0; ///< of op(b) and c
  std::size_t inner = 0;   ///< columns of op(a), rows of op(b)
  bool transpose_a = false;
  bool transpose_b = false;
  float alpha = 1;
  float beta = 0;
  std::span<const float> a;
  std::size_t a_stride = 0; ///< floats from one row of a, as it lies in memory, to the next
  std::span<const float> b;
  std::size_t b_stride = 0;
  std::span<float> c; ///< overlaps neither a nor b
  std::size_t c_stride = 0;
};

/// values = function(values + bias), in place; bias is added to every row.
struct bias_activation_arguments {
  activation function = activation::identity;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::span<float> values;     ///< rows x columns
  std::span<const float> bias; ///< columns
  std::span<float>
      kept_inputs; ///< rows x columns: values + bias. Or empty: needs_input(function) is false, or no backward
};

/// gradient = gradient * function'(…), in place, and bias_gradient = its column sums, in an
/// order that depends on the shape only.
struct activation_backward_arguments {
  activation function = activation::identity;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::span<const float> outputs;     ///< rows x columns: what bias_activation made; not read for identity and gelu
  std::span<const float> kept_inputs; ///< rows x columns where needs_input(function), else not read
  std::span<float> gradient;          ///< rows x columns: in with respect to the outputs, out to the inputs
  std::span<float> bias_gradient;     ///< columns; overwritten
};

/// What softmax_cross_entropy says to the host.
struct cross_entropy_result {
  double loss_sum = 0;       ///< sum over rows of -log softmax(row)[label]
  std::uint64_t correct = 0; ///< rows whose first largest logit is the label's
};

/// Softmax and cross-entropy in one. Stable for any finite logits; a row with NaN has a loss of NaN.
struct cross_entropy_arguments {
  std::size_t rows = 0;
  std::size_t columns = 0;               ///< classes
  std::span<const float> logits;         ///< rows x columns
  std::span<const std::uint32_t> labels; ///< one a row, < columns; host memory, read before the call returns
  std::span<float> gradient; ///< rows x columns, may be the logits: (softmax - one-hot) / rows. Or empty: none
  cross_entropy_result* result = nullptr; ///< host memory; valid after stream.synchronize()
};

/// Delay-compensated gradient (DC-ASGD, Zheng 2017, eq. 10): compensated = g + lambda g g (w - w_bak), element by
/// element.
struct compensation_arguments {
  float lambda = 0;
  std::span<const float> gradient;
  std::span<const float> weights; ///< as they are now
  std::span<const float> backup;  ///< as they were when the gradient was computed
  std::span<float> compensated;   ///< may be the gradient
};

/// The same with lambda per element, lambda0 / sqrt(ms + 1e-7), after ms = decay ms + (1 - decay) g g.
struct adaptive_compensation_arguments {
  float lambda = 2;
  float decay = 0.95f;
  std::span<const float> gradient;
  std::span<const float> weights;
  std::span<const float> backup;
  std::span<float> mean_square; ///< kept from call to call; starts at 0
  std::span<float> compensated; ///< may be the gradient
};

} // namespace drover::gpu
