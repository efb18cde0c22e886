#include "drover/actors/core/compensation.hpp"

namespace drover {

float compensation::learning_rate(float rate, std::uint64_t) const {
  return rate;
}

std::span<const float> compensation::correct(gpu::device&, gpu::stream&, const arguments& of) const {
  return of.gradient;
}

std::unique_ptr<const compensation> make_no_compensation() {
  return std::make_unique<compensation>();
}

std::unique_ptr<const compensation> make_compensation(messages::Compensation kind, float lambda) {
  switch (kind) {
  case messages::Compensation::STALENESS_AWARE:
    return make_staleness_aware();
  case messages::Compensation::DC_ASGD:
    return make_dc_asgd(lambda);
  case messages::Compensation::DC_ASGD_ADAPTIVE:
    return make_adaptive_dc_asgd(lambda);
  case messages::Compensation::NONE:
    break;
  }
  return make_no_compensation();
}

} // namespace drover
