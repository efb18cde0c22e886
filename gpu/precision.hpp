#pragma once

namespace drover::gpu {

/// What matrix products multiply with. Inputs, sums and results are floats of 32 bits in every case; a device that does
/// not have the others computes with fp32. tf32: 10 bits of mantissa; bf16: 7.
enum class precision { fp32, tf32, bf16 };

} // namespace drover::gpu
