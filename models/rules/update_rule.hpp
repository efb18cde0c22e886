#pragma once

#include "drover/gpu/device.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace drover {

/// Which update of a block this is, and how far it goes.
struct update_step {
  float learning_rate = 0; ///< after schedule and compensation for staleness
  std::uint64_t count = 1; ///< updates of this block, this one included: 1 for the first (Adam's bias correction)
};

/// How a shard applies a gradient to its parameters. Element-wise: no element of the result depends on another element,
/// so that the result is the same bits wherever the range is cut. An object holds coefficients only, is immutable and
/// may be used from any thread; the state beside the parameters belongs to the caller.
class update_rule {
public:
  virtual ~update_rule() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;

  /// Floats of state beside each parameter; they start at 0.
  [[nodiscard]] virtual std::size_t state_slots() const = 0;

  /// after = rule(before, gradient, state), enqueued on `stream`. `before` and `after` have one size and are the same
  /// memory or do not overlap: writing elsewhere makes a copy-on-write cost no pass of its own. `state` holds
  /// state_slots() consecutive ranges of that size.
  virtual void apply(gpu::device& device, gpu::stream& stream, const update_step& step, std::span<const float> before,
                     std::span<const float> gradient, std::span<float> after, std::span<float> state) const = 0;

  /// The same for single parameters.
  [[nodiscard]] virtual gpu::element_update at(const update_step& step) const = 0;
};

/// Coefficients of all rules; each takes what it knows. Meanings and defaults as in PyTorch's optimizers.
struct rule_options {
  float momentum = 0.9f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float rmsprop_decay = 0.99f;
  float epsilon = 1e-8f;
  float weight_decay = 0;
  float ftrl_beta = 1; ///< McMahan et al. 2013
  float l1 = 0;
  float l2 = 0;
};

/// `name`: sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw, ftrl; throws std::invalid_argument for others.
[[nodiscard]] std::unique_ptr<update_rule> make_update_rule(std::string_view name, const rule_options& options);

} // namespace drover
