#include "drover/models/row_keys.hpp"

namespace drover {

std::uint64_t signature_of(std::span<const std::uint64_t> keys) {
  auto begin = random_bits::key(keys.size(), "signature");
  auto result = begin;
  for (auto key : keys)
    result = random_bits::mix((result ^ key) + begin);
  return result;
}

} // namespace drover
