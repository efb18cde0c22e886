#pragma once

#include "drover/models/rules/element_rule.hpp"

namespace drover {

/// Takes ftrl_beta, l1, l2. See gpu::ftrl_update.
class ftrl_rule final : public element_rule {
public:
  explicit ftrl_rule(const rule_options& options) : options_(options) {}

  [[nodiscard]] std::string_view name() const override { return "ftrl"; }
  [[nodiscard]] gpu::element_update at(const update_step& step) const override {
    return gpu::ftrl_update{step.learning_rate, options_.ftrl_beta, options_.l1, options_.l2};
  }

private:
  rule_options options_;
};

} // namespace drover
