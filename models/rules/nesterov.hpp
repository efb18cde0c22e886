#pragma once

#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Nesterov's accelerated gradient; takes momentum, weight_decay. See gpu::nesterov_update.
class nesterov_rule final : public element_rule {
public:
  explicit nesterov_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "nesterov"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    return gpu::nesterov_update{step.learning_rate, options_.momentum, options_.weight_decay};
  }

private:
  rule_options options_;
};

} // namespace drover
