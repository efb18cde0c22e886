#pragma once

#include "drover/gpu/device.hpp"
#include "drover/messages/job.capnp.h"

#include <cstdint>
#include <memory>
#include <span>

namespace drover {

/// What a shard does about the staleness of a gradient before it applies it. Immutable; state belongs to the caller.
class compensation {
public:
  virtual ~compensation() = default;

  /// Whether the shard has to remember what each worker read.
  [[nodiscard]] virtual bool needs_backup() const { return false; }
  /// Floats of state beside each parameter; they start at 0.
  [[nodiscard]] virtual std::size_t state_slots() const { return 0; }

  /// The learning rate for a gradient of this staleness. Scaling by staleness belongs here and never touches the
  /// gradient.
  [[nodiscard]] virtual float learning_rate(float rate, std::uint64_t staleness) const;

  struct arguments {
    std::span<const float> gradient;
    std::span<const float> weights; ///< as they are now
    std::span<const float> backup;  ///< as the worker read them
    std::span<float> state;         ///< state_slots() ranges
    std::span<float> scratch;       ///< for a corrected gradient
  };
  /// The gradient to apply: the one given, or a corrected one in `scratch`.
  [[nodiscard]] virtual std::span<const float> correct(gpu::device& device, gpu::stream& stream,
                                                       const arguments& of) const;
};

[[nodiscard]] std::unique_ptr<const compensation> make_no_compensation();
/// n-softsync's rule: the rate divided by the staleness where that is above 0 (Zhang et al. 2015, eq. 6).
[[nodiscard]] std::unique_ptr<const compensation> make_staleness_aware();
/// DC-ASGD with a constant lambda, or adaptive (Zheng et al. 2017, eq. 10 and section 6).
[[nodiscard]] std::unique_ptr<const compensation> make_dc_asgd(float lambda);
[[nodiscard]] std::unique_ptr<const compensation> make_adaptive_dc_asgd(float lambda);

[[nodiscard]] std::unique_ptr<const compensation> make_compensation(messages::Compensation kind, float lambda);

} // namespace drover
