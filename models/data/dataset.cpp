#include "drover/models/data/dataset.hpp"

#include <stdexcept>

namespace drover {

void dataset::read_bytes(std::span<const std::uint32_t>, std::span<std::uint8_t>, std::span<std::uint32_t>) const {
  throw std::logic_error("these data are not kept as bytes");
}

} // namespace drover
