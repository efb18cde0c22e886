#include "drover/models/tensor.hpp"

#include "drover/models/random.hpp"

#include <algorithm>

namespace drover {

std::size_t tensor_spec::row_size() const {
  std::size_t result = 1;
  for (std::size_t i = 1; i < shape.size(); ++i)
    result *= shape[i];
  return result;
}

void initialize(const tensor_spec& tensor, std::uint64_t seed, std::size_t first, float* values, std::size_t count) {
  auto scale = static_cast<double>(tensor.init.scale);
  auto key = random_bits::key(seed, tensor.name);
  switch (tensor.init.distribution) {
  case initializer::kind::zeros:
    std::fill_n(values, count, 0.0f);
    return;
  case initializer::kind::normal:
    for (std::size_t i = 0; i < count; ++i)
      values[i] = static_cast<float>(scale * random_bits::normal(random_bits::at(key, first + i)));
    return;
  case initializer::kind::uniform:
    for (std::size_t i = 0; i < count; ++i)
      values[i] = static_cast<float>(scale * random_bits::symmetric(random_bits::at(key, first + i)));
    return;
  case initializer::kind::constant:
    std::fill_n(values, count, tensor.init.scale);
    return;
  }
}

} // namespace drover
