#pragma once

#include "drover/models/factor_model.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drover::test {

/// What a model mf is made for.
struct factor_problem {
  std::string arguments;
  std::size_t users;
  std::size_t items;
  float mean = 0;
  float l2 = 0;

  [[nodiscard]] std::unique_ptr<model> make() const {
    model_request request;
    request.arguments = arguments;
    request.shape.users = users;
    request.shape.items = items;
    request.rating_mean = mean;
    request.l2 = l2;
    return make_factor_model(request);
  }
};

/// A model mf with parameters of its own that are drawn already, a gradient, and room for two floats of state beside
/// each parameter.
struct factor_fixture {
  explicit factor_fixture(const factor_problem& problem, std::size_t block_bytes_max = std::size_t{1} << 29)
      : made(problem.make()), layout(made->tensors(), block_bytes_max), lines(layout.flat_size() / line_size),
        gradient_lines(lines.size()), state_lines(2 * lines.size()), blocks(block_pointers(layout, floats(lines))),
        gradient_blocks(block_pointers(layout, floats(gradient_lines))), read_blocks(blocks.begin(), blocks.end()) {
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      initialize(layout, i, 1, blocks[i]);
      states.push_back(floats(state_lines) + 2 * layout.blocks()[i].offset);
    }
  }
  factor_fixture(const factor_fixture&) = delete;
  factor_fixture& operator=(const factor_fixture&) = delete;

  [[nodiscard]] const_parameters weights() const { return {layout, read_blocks}; }
  [[nodiscard]] mutable_parameters gradients() const { return {layout, gradient_blocks}; }
  [[nodiscard]] in_place_parameters shared() const { return {&layout, blocks, states}; }

  /// All elements of each tensor, in order, whatever its blocks.
  [[nodiscard]] std::vector<std::vector<float>> tensors(const std::vector<float*>& from) const {
    std::vector<std::vector<float>> result(layout.tensors().size());
    for (const auto& slab : layout.slabs()) {
      const auto* first = from[slab.block] + (slab.offset - layout.blocks()[slab.block].offset);
      result[slab.tensor].insert(result[slab.tensor].end(), first, first + slab.size);
    }
    return result;
  }
  void set(std::size_t tensor, const std::vector<float>& values) const {
    auto next = values.begin();
    for (const auto& slab : layout.slabs_of(tensor))
      for (std::size_t i = 0; i < slab.size; ++i)
        (blocks[slab.block] + (slab.offset - layout.blocks()[slab.block].offset))[i] = *next++;
  }

  static constexpr std::size_t line_size = 16;
  struct alignas(64) line {
    std::array<float, line_size> values{};
  };
  static float* floats(std::vector<line>& of) { return of.data()->values.data(); }

  std::unique_ptr<model> made;
  parameter_layout layout;
  std::vector<line> lines, gradient_lines, state_lines;
  std::vector<float*> blocks, gradient_blocks, states;
  std::vector<const float*> read_blocks;
};

/// Ratings in an order.
struct rating_samples {
  std::vector<rating> ratings;
  std::vector<std::uint32_t> order;

  explicit rating_samples(std::vector<rating> all) : ratings(std::move(all)), order(ratings.size()) {
    std::iota(order.begin(), order.end(), 0u);
  }
  [[nodiscard]] batch view() const { return part(0, order.size()); }
  [[nodiscard]] batch part(std::size_t first, std::size_t count) const {
    batch result;
    result.samples = std::span(order).subspan(first, count);
    result.ratings = ratings;
    return result;
  }
};

} // namespace drover::test
