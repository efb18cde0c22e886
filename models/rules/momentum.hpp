#pragma once

#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Heavy ball; takes momentum, weight_decay. See gpu::momentum_update.
class momentum_rule final : public element_rule {
public:
  explicit momentum_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "momentum"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    return gpu::momentum_update{step.learning_rate, options_.momentum, options_.weight_decay};
  }

private:
  rule_options options_;
};

} // namespace drover
