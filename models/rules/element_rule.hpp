#pragma once

#include "drover/models/rules/update_rule.hpp"

namespace drover {

/// An update rule that one element_update describes: what a rule adds is how its coefficients follow from a step, `at`.
class element_rule : public update_rule {
public:
  [[nodiscard]] std::size_t state_slots() const final { return gpu::state_slots(at({})); }

  void apply(gpu::device& device, gpu::stream& stream, const update_step& step, std::span<const float> before,
             std::span<const float> gradient, std::span<float> after, std::span<float> state) const final {
    device.update(stream, {at(step), before, gradient, after, state});
  }
};

} // namespace drover
