#pragma once

#include "drover/gpu/device.hpp"
#include "drover/models/registry.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace drover::test {

/// A model on the CPU with parameters and a gradient of its own, in one flat range each.
struct network {
  network(std::string_view specification, data_shape shape, gpu::activation function = gpu::activation::relu,
          std::size_t block_bytes_max = 1u << 20);

  /// Draws the parameters.
  void initialize(std::uint64_t seed);
  /// All elements of a tensor, in order, whatever its blocks.
  [[nodiscard]] std::vector<float> tensor(const gpu::buffer& flat, std::size_t index) const;
  void set_tensor(std::size_t index, const std::vector<float>& values);

  [[nodiscard]] const_parameters weights() const { return {layout, read_pointers}; }
  [[nodiscard]] mutable_parameters gradients() const { return {layout, gradient_pointers}; }

  std::unique_ptr<gpu::device> device;
  std::unique_ptr<gpu::stream> order;
  std::unique_ptr<model> made;
  parameter_layout layout;
  gpu::buffer flat;
  gpu::buffer flat_gradient;
  std::vector<const float*> read_pointers;
  std::vector<float*> gradient_pointers;
};

} // namespace drover::test
