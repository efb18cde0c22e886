#include "network.hpp"

#include <algorithm>

namespace drover::test {

network::network(std::string_view specification, data_shape shape, gpu::activation function,
                 std::size_t block_bytes_max)
    : device(gpu::make_cpu_device()), order(device->make_stream()),
      made(standard_models().make(specification, {{}, shape, function, device.get()})),
      layout(made->tensors(), block_bytes_max), flat(device->allocate(layout.flat_size())),
      flat_gradient(device->allocate(layout.flat_size())),
      read_pointers(block_pointers(layout, static_cast<const float*>(flat.span().data()))),
      gradient_pointers(block_pointers(layout, flat_gradient.span().data())) {
  std::ranges::fill(flat.span(), 0.0f);
  std::ranges::fill(flat_gradient.span(), 0.0f);
}

void network::initialize(std::uint64_t seed) {
  for (std::size_t block = 0; block < layout.blocks().size(); ++block)
    drover::initialize(layout, block, seed, flat.span().data() + layout.blocks()[block].offset);
}

std::vector<float> network::tensor(const gpu::buffer& values, std::size_t index) const {
  std::vector<float> result;
  for (const auto& slab : layout.slabs_of(index)) {
    auto part = values.span().subspan(slab.offset, slab.size);
    result.insert(result.end(), part.begin(), part.end());
  }
  return result;
}

void network::set_tensor(std::size_t index, const std::vector<float>& values) {
  auto from = values.begin();
  for (const auto& slab : layout.slabs_of(index)) {
    std::copy_n(from, slab.size, flat.span().data() + slab.offset);
    from += static_cast<std::ptrdiff_t>(slab.size);
  }
}

} // namespace drover::test
