#pragma once

#include <cstdint>

namespace drover {

/// The learning rate over a job, as a function of a worker's completed steps alone: every shard finds the same value
/// without talking to another.
struct learning_rate_schedule {
  enum class kind { constant, step, cosine };
  kind shape = kind::constant;
  double base = 0.1;
  std::uint64_t steps = 1;        ///< steps of one worker over the whole job
  std::uint64_t warmup_steps = 0; ///< grows linearly over these: (t + 1) / warmup_steps of the rate
  std::uint64_t step_steps = 1;   ///< step: multiply by step_factor after each so many steps
  double step_factor = 0.1;
  double final_fraction = 0; ///< cosine: what is left of `base` at the end

  /// Learning rate for step t (from 0). Cosine: base (f + (1 - f) (1 + cos(pi t / steps)) / 2), Loshchilov 2017, eq. 5,
  /// counted from the end of the warm-up.
  [[nodiscard]] float at(std::uint64_t t) const;
};

} // namespace drover
