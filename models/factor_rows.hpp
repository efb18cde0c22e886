#pragma once

#include "drover/models/shared_float.hpp"

#include <cstddef>

namespace drover {

// Arithmetic on a user's row of factors p and an item's q, in registers of four floats whatever the processor has: bits
// do not depend on it. Wider ones gained less than a tenth where measured, since rows come and go in pieces of 64 bits.

/// p·q as eight sums, product k in sum k % 8, added up in a fixed order. Nobody writes the rows meanwhile.
[[nodiscard]] float factor_product(const float* p, const float* q, std::size_t rank);

/// The same bits, of rows that other threads write at the same time. Rows start at multiples of 8 bytes where the rank
/// is even, as those of a tensor do that is aligned itself: then two floats are read and written at once.
[[nodiscard]] float shared_factor_product(const float* p, const float* q, std::size_t rank);

/// A step of stochastic gradient descent.
struct factor_step {
  float error; ///< rating minus prediction
  float rate;
  float pull; ///< to 0
};

/// p += rate (error q - pull p), q += rate (error p - pull q), both with p and q as they were before. Other threads may
/// do the same. `watched`: counts updates that were lost among the first floats of both rows, null for no watching.
void shared_factor_step(float* p, float* q, std::size_t rank, factor_step step, lost_updates* watched);

} // namespace drover
