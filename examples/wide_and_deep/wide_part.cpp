#include "wide_part.hpp"

#include <drover/models/slab_lookup.hpp>

std::vector<drover::tensor_spec> wide_part::tensors() const {
  return {{"user.weight", {users_}, {}, true, drover::row_owner::user},
          {"item.weight", {items_}, {}, true, drover::row_owner::item}};
}

void wide_part::predict(const drover::batch& samples, drover::const_parameters parameters,
                        std::span<float> predictions) {
  const drover::slab_lookup users{parameters, first_};
  const drover::slab_lookup items{parameters, first_ + 1};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto [user, item, value] = rating_at(samples, i);
    predictions[i] += (user < users_ ? users[user] : 0) + (item < items_ ? items[item] : 0);
  }
}

void wide_part::gradient(const drover::batch& samples, drover::const_parameters, std::span<const float> slopes,
                         drover::mutable_parameters gradient) {
  clear(gradient, first_);
  clear(gradient, first_ + 1);
  const drover::slab_lookup users{gradient, first_};
  const drover::slab_lookup items{gradient, first_ + 1};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& sample = rating_at(samples, i);
    if (sample.user < users_)
      users[sample.user] += slopes[i];
    if (sample.item < items_)
      items[sample.item] += slopes[i];
  }
}
