#include "drover/models/rules/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace drover {

float learning_rate_schedule::at(std::uint64_t t) const {
  if (t < warmup_steps)
    return static_cast<float>(base * static_cast<double>(t + 1) / static_cast<double>(warmup_steps));
  switch (shape) {
  case kind::constant:
    break;
  case kind::step: {
    auto steps_down = t / std::max<std::uint64_t>(step_steps, 1);
    return static_cast<float>(base * std::pow(step_factor, static_cast<double>(steps_down)));
  }
  case kind::cosine: {
    auto length = steps > warmup_steps ? steps - warmup_steps : 1;
    auto progress = std::min(1.0, static_cast<double>(t - warmup_steps) / static_cast<double>(length));
    auto share = (1 + std::cos(std::numbers::pi * progress)) / 2;
    return static_cast<float>(base * (final_fraction + (1 - final_fraction) * share));
  }
  }
  return static_cast<float>(base);
}

} // namespace drover
