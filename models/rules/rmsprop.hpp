#pragma once

#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Takes rmsprop_decay, epsilon, weight_decay. See gpu::rmsprop_update.
class rmsprop_rule final : public element_rule {
public:
  explicit rmsprop_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "rmsprop"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    return gpu::rmsprop_update{step.learning_rate, options_.rmsprop_decay, options_.epsilon, options_.weight_decay};
  }

private:
  rule_options options_;
};

} // namespace drover
