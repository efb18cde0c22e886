#pragma once

#include <drover/models/batch.hpp>
#include <drover/models/parameters.hpp>

#include <span>
#include <vector>

/// A part of a model of ratings, with tensors of its own: what the parts say of a rating is added up. Serves one thread
/// at a time.
class part {
public:
  virtual ~part() = default;

  [[nodiscard]] virtual std::vector<drover::tensor_spec> tensors() const = 0;

  /// Adds what it says of each sample to `predictions`. Of users and items that it does not know it says nothing.
  virtual void predict(const drover::batch& samples, drover::const_parameters parameters,
                       std::span<float> predictions) = 0;

  /// Writes the gradient of its tensors, after `predict` of the same samples. `slopes`: d loss / d prediction of each.
  virtual void gradient(const drover::batch& samples, drover::const_parameters parameters,
                        std::span<const float> slopes, drover::mutable_parameters gradient) = 0;
};

inline const drover::rating& rating_at(const drover::batch& samples, std::size_t index) {
  return samples.ratings[samples.samples[index]];
}

/// Writes 0 to a tensor, whatever its slabs.
inline void clear(drover::mutable_parameters parameters, std::size_t tensor) {
  for (std::size_t i = 0; i < parameters.slabs(tensor); ++i)
    for (auto& value : parameters.slab_of(tensor, i).values)
      value = 0;
}
