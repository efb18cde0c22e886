#pragma once

#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Stochastic gradient descent; takes weight_decay. See gpu::sgd_update.
class sgd_rule final : public element_rule {
public:
  explicit sgd_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "sgd"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    return gpu::sgd_update{step.learning_rate, options_.weight_decay};
  }

private:
  rule_options options_;
};

} // namespace drover
