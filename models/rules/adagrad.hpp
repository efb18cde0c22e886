#pragma once

#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Takes epsilon, weight_decay. See gpu::adagrad_update.
class adagrad_rule final : public element_rule {
public:
  explicit adagrad_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "adagrad"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    return gpu::adagrad_update{step.learning_rate, options_.epsilon, options_.weight_decay};
  }

private:
  rule_options options_;
};

} // namespace drover
