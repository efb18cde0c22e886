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

clipped_gradient::clipped_gradient(std::shared_ptr<const job_context> context, std::size_t kept_max,
                                   std::unique_ptr<gpu::device> device)
    : context_(std::move(context)), device_(std::move(device)), stream_(device_->make_stream()),
      model_(context_->make_model(*device_)), pool_(kept_max) {
  if (!device_->reads_host_memory())
    copies_.emplace(*device_, *stream_, *context_->plan.layout);
}

gradient_computed clipped_gradient::compute(const batch& samples, std::uint64_t clock, const_parameters parameters) {
  const auto& layout = *context_->plan.layout;
  auto memory = pool_.take(layout.flat_size());
  gradient_computed result{.clock = clock, .result = {}, .norm = 0, .gradient = nullptr};
  if (copies_) {
    auto there = copies_->bring(samples, parameters);
    result.result = model_->gradient(there.samples, there.parameters, there.gradient);
    result.norm = clip(copies_->gradient());
    copies_->fetch(memory->values());
  } else {
    clear_padding(layout, memory->values());
    auto pointers = block_pointers(layout, memory->values().data());
    result.result = model_->gradient(samples, parameters, {layout, pointers});
    result.norm = clip(memory->values());
  }
  result.gradient = std::move(memory);
  return result;
}

double clipped_gradient::clip(std::span<float> gradient) {
  auto limit = context_->what.read().getClipNorm();
  if (limit <= 0)
    return 0;
  double square = 0;
  device_->squared_norm(*stream_, gradient, &square);
  stream_->synchronize();
  auto norm = std::sqrt(square);
  if (norm > limit && std::isfinite(norm))
    device_->scale(*stream_, gradient, static_cast<float>(limit / norm));
  stream_->synchronize();
  return norm;
}

} // namespace drover
