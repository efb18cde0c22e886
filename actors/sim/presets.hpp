#pragma once

#include <array>
#include <string_view>

namespace drover::sim {

struct named_preset {
  std::string_view name;
  std::string_view json;
};

/// The clusters that come with Drover, to start from. Their numbers are round ones, of the size that such machines
/// have.
extern const std::array<named_preset, 5> presets;

} // namespace drover::sim
