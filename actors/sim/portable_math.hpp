#pragma once

namespace drover::sim {

/// Logarithm and exponential that give the same bits on every machine: only additions, multiplications and divisions,
/// which IEEE 754 rounds in one way, where a C library is free in the last bit and chooses by the processor. The
/// component is compiled without contraction into fused operations for the same reason. Relative error below 1e-14.

/// Natural logarithm of a positive, normal number.
[[nodiscard]] double portable_log(double value);

/// e to the power of `value`; 0 below -700, e^700 above 700.
[[nodiscard]] double portable_exp(double value);

} // namespace drover::sim
