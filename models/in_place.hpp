#pragma once

#include "drover/gpu/update/element_update.hpp"
#include "drover/models/batch.hpp"
#include "drover/models/layout.hpp"

#include <cstdint>
#include <span>

namespace drover {

/// Parameters that several threads change at once where they lie, and the state of the update rule beside them. A view:
/// layout and memory must outlive it. Each float is read and written by itself, see shared_float.hpp.
struct in_place_parameters {
  const parameter_layout* layout;
  std::span<float* const> blocks; ///< as of basic_parameters
  std::span<float* const> states; ///< of each block: gpu::state_slots(rule) consecutive ranges of the block's size
};

/// What a pass over some samples did.
struct in_place_result {
  batch_result result;
  /// Updates of single floats of which was seen whether another thread wrote in between, and those where one did:
  /// its update was lost.
  std::uint64_t watched = 0;
  std::uint64_t lost = 0;
};

/// What a model adds that learns in place, sample by sample and without locks: Hogwild! (Niu et al. 2011).
class in_place_learner {
public:
  virtual ~in_place_learner() = default;

  /// The update of each sample is part of the parameters before the next is looked at; loss and hits of each are those
  /// before its own update. Floats that a sample does not touch are not written. Other threads may do the same with the
  /// same parameters and learners of their own. Throws std::invalid_argument with a sentence for a rule that it cannot
  /// apply to some of the parameters only.
  virtual in_place_result learn(const batch& samples, const in_place_parameters& parameters,
                                const gpu::element_update& rule) = 0;
};

} // namespace drover
