#pragma once

#include "drover/models/rules/bias_correction.hpp"
#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Takes beta1, beta2, epsilon, weight_decay (in the gradient). See gpu::adam_update.
class adam_rule final : public element_rule {
public:
  explicit adam_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "adam"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    auto [step_size, root_correction2] = correct(step, options_);
    return gpu::adam_update{step_size,        options_.beta1,   options_.beta2,
                            root_correction2, options_.epsilon, options_.weight_decay};
  }

private:
  rule_options options_;
};

} // namespace drover
