#pragma once

#include "drover/models/rules/update_rule.hpp"

#include <cmath>

namespace drover {

/// Adam's correction for moments that start at 0 (Kingma 2015, section 3), folded into two coefficients.
struct bias_correction {
  float step_size;        ///< learning_rate / (1 - beta1^count)
  float root_correction2; ///< sqrt(1 - beta2^count)
};

[[nodiscard]] inline bias_correction correct(const update_step& step, const rule_options& options) {
  // In double: 1 - beta^count loses digits where the two are close.
  auto remaining = [&step](double beta) { return 1 - std::pow(beta, static_cast<double>(step.count)); };
  return {static_cast<float>(step.learning_rate / remaining(options.beta1)),
          static_cast<float>(std::sqrt(remaining(options.beta2)))};
}

} // namespace drover
