#pragma once

#include "drover/models/batch.hpp"
#include "drover/models/parameters.hpp"

#include <span>
#include <vector>

namespace drover {

class in_place_learner;

/// What is learned: a function of parameters and samples, with its gradient. An object serves one thread at a time and
/// may keep scratch memory between calls; every worker has one of its own.
class model {
public:
  virtual ~model() = default;

  /// The parameters, in the order in which they are saved. The same on every call and on every object that is made from
  /// the same specification.
  [[nodiscard]] virtual std::vector<tensor_spec> tensors() const = 0;

  /// Floats that `predict` writes for each sample: one score a class, or the number that it predicts.
  [[nodiscard]] virtual std::size_t outputs() const = 0;

  /// Loss over a batch and the gradient of its mean over the samples. Overwrites every float of `gradient`'s blocks;
  /// leaves the padding between blocks alone.
  virtual batch_result gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) = 0;

  /// Loss and hits over a batch, without a gradient.
  virtual batch_result evaluate(const batch& samples, const_parameters parameters) = 0;

  /// Scores of each class before normalisation: `scores` is samples.size() x outputs(), row-major.
  virtual void predict(const batch& samples, const_parameters parameters, std::span<float> scores) = 0;

  /// How it learns in place, part of this object; null where it cannot.
  [[nodiscard]] virtual in_place_learner* in_place() { return nullptr; }
};

} // namespace drover
