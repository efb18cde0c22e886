#pragma once

#include "drover/models/data/batch_source.hpp"

#include <cstdint>
#include <span>

namespace drover {

/// Shifts and mirrors one image in place as the key's random sequence says; what comes in at the borders is 0.
/// `scratch` has the image's size.
void augment(std::span<float> image, const data_shape& shape, const augmentation& how, std::uint64_t key,
             std::span<float> scratch);

} // namespace drover
