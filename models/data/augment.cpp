#include "drover/models/data/augment.hpp"

#include "drover/models/random.hpp"

#include <algorithm>
#include <cstddef>

namespace drover {

void augment(std::span<float> image, const data_shape& shape, const augmentation& how, std::uint64_t key,
             std::span<float> scratch) {
  random_sequence random(key);
  auto reach = static_cast<std::ptrdiff_t>(how.shift_pixels);
  auto draw = [&random, reach] {
    return static_cast<std::ptrdiff_t>(random.below(static_cast<std::uint64_t>(2 * reach + 1))) - reach;
  };
  auto down = draw();
  auto right = draw();
  bool mirrored = how.flip && random.below(2) == 1;

  std::ranges::copy(image, scratch.begin());
  std::ranges::fill(image, 0.0f);
  auto height = static_cast<std::ptrdiff_t>(shape.height);
  auto width = static_cast<std::ptrdiff_t>(shape.width);
  auto channels = static_cast<std::ptrdiff_t>(shape.channels);
  for (std::ptrdiff_t row = std::max<std::ptrdiff_t>(0, down); row < std::min(height, height + down); ++row)
    for (std::ptrdiff_t column = std::max<std::ptrdiff_t>(0, right); column < std::min(width, width + right);
         ++column) {
      auto from_column = mirrored ? width - 1 - (column - right) : column - right;
      auto from = ((row - down) * width + from_column) * channels;
      auto to = (row * width + column) * channels;
      std::copy_n(scratch.begin() + from, channels, image.begin() + to);
    }
}

} // namespace drover
