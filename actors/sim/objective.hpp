#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/models/parameters.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace drover::sim {

/// What simulated workers compute: a real gradient, while the time that it takes is the compute model's. Used by one
/// thread; the same calls in the same order give the same bits.
class objective {
public:
  virtual ~objective() = default;

  /// The rows of sparse tables that one step of a worker needs: one list a key space. Throws what a computation can
  /// throw.
  [[nodiscard]] virtual std::vector<row_keys> list_rows(std::uint32_t worker, const drover::list_rows& request) = 0;

  /// The gradient of that step; the rows are those that were listed. Throws what a computation can throw.
  [[nodiscard]] virtual gradient_computed compute(std::uint32_t worker, const compute_gradient& request) = 0;

  /// Loss and hits of the parameters, on what tests them.
  [[nodiscard]] virtual batch_result evaluate(const_parameters parameters) = 0;
};

} // namespace drover::sim
