#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/models/parameters.hpp"

#include <cstdint>

namespace drover::sim {

/// What simulated workers compute: a real gradient, while the time that it takes is the compute model's. Used by one
/// thread; the same calls in the same order give the same bits.
class objective {
public:
  virtual ~objective() = default;

  /// The gradient of one step of a worker. Throws what a computation can throw.
  [[nodiscard]] virtual gradient_computed compute(std::uint32_t worker, std::uint64_t clock,
                                                  const_parameters parameters) = 0;

  /// Loss and hits of the parameters, on what tests them.
  [[nodiscard]] virtual batch_result evaluate(const_parameters parameters) = 0;
};

} // namespace drover::sim
