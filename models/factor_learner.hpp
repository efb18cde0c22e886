#pragma once

#include "drover/models/in_place.hpp"
#include "drover/models/shared_float.hpp"

#include <cstddef>
#include <cstdint>

namespace drover {

struct shared_tensor;

/// How a model mf learns in place, see make_factor_model for the step. Its tensors must not be cut. Of each sample that
/// is watched, sgd watches the first floats of both rows, the other rules all of them; biases are not watched.
class factor_learner final : public in_place_learner {
public:
  explicit factor_learner(float l2) : l2_(l2) {}

  in_place_result learn(const batch& samples, const in_place_parameters& parameters,
                        const gpu::element_update& rule) override;

private:
  struct shared_side;

  template <class Rule>
  in_place_result learn_by(const batch& samples, const in_place_parameters& parameters, const Rule& rule);
  template <class Rule>
  void step_by_element(const Rule& rule, const shared_side& users, std::uint32_t user, const shared_side& items,
                       std::uint32_t item, float error, lost_updates* watched) const;
  template <class Rule>
  void step_bias(const Rule& rule, const shared_tensor& biases, std::uint32_t index, float error) const;

  float l2_;
  lost_updates seen_; ///< over all calls: a batch may have fewer samples than there are from one watched to the next
};

/// Throws std::invalid_argument with a sentence for samples of another kind.
void check_ratings(const batch& samples);

/// A rating's loss.
[[nodiscard]] inline double squared_error(float error) {
  return static_cast<double>(error) * static_cast<double>(error);
}

} // namespace drover
