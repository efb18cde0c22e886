#pragma once

#include "drover/models/in_place.hpp"
#include "drover/models/shared_float.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <tuple>

namespace drover {

/// A whole tensor that is changed in place, and its part of the rule's state. A view of what `in_place_parameters` is a
/// view of. Throws std::logic_error for a tensor that was cut.
struct shared_tensor {
  std::span<float> values;
  std::array<std::span<float>, 2> state;

  shared_tensor(const in_place_parameters& all, std::size_t index, std::size_t slots) {
    const auto& layout = *all.layout;
    auto slabs = layout.slabs_of(index);
    if (slabs.size() != 1)
      throw std::logic_error("what is changed in place lies in one block");
    const auto& block = layout.blocks()[slabs[0].block];
    auto inside = slabs[0].offset - block.offset;
    values = {all.blocks[slabs[0].block] + inside, slabs[0].size};
    for (std::size_t slot = 0; slot < slots; ++slot)
      state[slot] = {all.states[slabs[0].block] + slot * block.size + inside, slabs[0].size};
  }
};

/// Applies a rule to one float that was read as `before`, and to its state. `write` gets the float, `before` and what
/// is to be there.
template <class Rule, class Write>
void update_shared(const Rule& rule, const shared_tensor& into, std::size_t index, float before, float gradient,
                   Write write) {
  std::array<float, Rule::slots> state{};
  for (std::size_t slot = 0; slot < Rule::slots; ++slot)
    state[slot] = read_shared(into.state[slot][index]);
  auto after = std::apply([&](auto&... each) { return rule(before, gradient, each...); }, state);
  for (std::size_t slot = 0; slot < Rule::slots; ++slot)
    write_shared(into.state[slot][index], state[slot]);
  write(into.values[index], before, after);
}

} // namespace drover
