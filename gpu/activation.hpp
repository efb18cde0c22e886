#pragma once

namespace drover::gpu {

/// Element-wise non-linearity. gelu is the exact one, x Phi(x) with the error function.
enum class activation { identity, relu, tanh, sigmoid, gelu };

/// Whether the backward pass needs what went into the function; the others get by with what came out of it.
[[nodiscard]] constexpr bool needs_input(activation function) {
  return function == activation::gelu;
}

} // namespace drover::gpu
