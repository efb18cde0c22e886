#include "drover/actors/distant_memory.hpp"

namespace drover {

distant_memory::distant_memory(gpu::device& device, gpu::stream& order, const parameter_layout& layout)
    : device_(device), order_(order), layout_(layout), parameters_(device.allocate(layout.flat_size())),
      gradient_(device.allocate(layout.flat_size())),
      parameter_blocks_(block_pointers(layout, parameters_.span().data())),
      read_blocks_(parameter_blocks_.begin(), parameter_blocks_.end()),
      gradient_blocks_(block_pointers(layout, gradient_.span().data())) {
  device_.fill(order_, gradient_.span(), 0);
}

distant_memory::view distant_memory::bring(const batch& samples, const_parameters parameters) {
  if (features_.size() < samples.features.size()) {
    order_.synchronize();
    features_ = device_.allocate(samples.features.size());
  }
  auto features = features_.span().first(samples.features.size());
  device_.copy(order_, samples.features, features);
  for (std::size_t i = 0; i < parameter_blocks_.size(); ++i) {
    auto from = parameters.block(i);
    device_.copy(order_, from, {parameter_blocks_[i], from.size()});
  }
  // The model has a stream of its own.
  order_.synchronize();
  return {.samples = {.features = features, .columns = samples.columns, .labels = samples.labels},
          .parameters = {layout_, read_blocks_},
          .gradient = {layout_, gradient_blocks_}};
}

void distant_memory::fetch(std::span<float> to) {
  device_.copy(order_, gradient_.span(), to);
  order_.synchronize();
}

} // namespace drover
