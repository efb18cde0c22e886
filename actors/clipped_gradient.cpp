#include "drover/actors/clipped_gradient.hpp"

#include <algorithm>
#include <cmath>

namespace drover {

namespace {

void clear_padding(const parameter_layout& layout, std::span<float> flat) {
  auto slabs = layout.slabs();
  for (std::size_t i = 0; i < slabs.size(); ++i) {
    auto end = slabs[i].offset + slabs[i].size;
    auto next = i + 1 < slabs.size() ? slabs[i + 1].offset : flat.size();
    std::ranges::fill(flat.subspan(end, next - end), 0.0f);
  }
}

} // namespace

clipped_gradient::clipped_gradient(std::shared_ptr<const job_context> context, std::size_t kept_max)
    : context_(std::move(context)), device_(gpu::make_cpu_device()), stream_(device_->make_stream()),
      model_(context_->make_model(*device_)), pool_(kept_max) {
  gpu::demand_host_memory(*device_, "a worker");
}

gradient_computed clipped_gradient::compute(const batch& samples, std::uint64_t clock, const_parameters parameters) {
  const auto& layout = *context_->plan.layout;
  auto memory = pool_.take(layout.flat_size());
  clear_padding(layout, memory->values());
  auto pointers = block_pointers(layout, memory->values().data());
  gradient_computed result{.clock = clock,
                           .result = model_->gradient(samples, parameters, {layout, pointers}),
                           .norm = 0,
                           .gradient = nullptr};
  clip(*memory, result);
  result.gradient = std::move(memory);
  return result;
}

void clipped_gradient::clip(bulk& gradient, gradient_computed& result) {
  auto limit = context_->what.read().getClipNorm();
  if (limit <= 0)
    return;
  double square = 0;
  device_->squared_norm(*stream_, gradient.values(), &square);
  stream_->synchronize();
  result.norm = std::sqrt(square);
  if (result.norm > limit && std::isfinite(result.norm))
    device_->scale(*stream_, gradient.values(), static_cast<float>(limit / result.norm));
  stream_->synchronize();
}

} // namespace drover
