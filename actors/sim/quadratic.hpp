#pragma once

#include "drover/actors/sim/objective.hpp"
#include "drover/messages/bulk.hpp"

#include <cstdint>
#include <memory>

namespace drover::sim {

/// f(x) = 1/2 sum over i of (x_i - o_i)^2, told as its mean, with the optimum o drawn from a seed and gradients that
/// carry noise of their worker and step. Cheap, with a known optimum, and its gradient tells from which parameters it
/// was computed. Of sparse tables each step needs half of the rows, drawn from its worker, number and lease.
class quadratic : public objective {
public:
  /// `noise`: what is added to each gradient entry is at most so much, evenly spread around 0.
  quadratic(std::shared_ptr<const parameter_layout> layout, std::uint64_t seed, float noise);

  [[nodiscard]] std::vector<row_keys> list_rows(std::uint32_t worker, const drover::list_rows& request) override;
  [[nodiscard]] gradient_computed compute(std::uint32_t worker, const compute_gradient& request) override;
  [[nodiscard]] batch_result evaluate(const_parameters parameters) override;

private:
  [[nodiscard]] std::vector<row_keys> rows_of(std::uint32_t worker, std::uint64_t clock,
                                              const slice_lease& lease) const;
  [[nodiscard]] float optimum(std::size_t tensor, std::size_t element) const;

  std::shared_ptr<const parameter_layout> layout_;
  std::uint64_t seed_;
  float noise_;
  bulk_pool pool_;
};

} // namespace drover::sim
