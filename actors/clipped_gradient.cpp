#include "drover/actors/clipped_gradient.hpp"

#include "drover/models/compact_parameters.hpp"

#include <algorithm>
#include <array>
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
    result.norm = clip(std::array{copies_->gradient()});
    copies_->fetch(memory->values());
  } else {
    clear_padding(layout, memory->values());
    auto pointers = block_pointers(layout, memory->values().data());
    result.result = model_->gradient(samples, parameters, {layout, pointers});
    result.norm = clip(std::array{memory->values()});
  }
  result.gradient = std::move(memory);
  return result;
}

gradient_computed clipped_gradient::compute(const compact_batch& samples, std::uint64_t clock,
                                            const_parameters parameters, std::span<const shared_bulk> rows) {
  const auto& layout = *context_->plan.layout;
  compact_parameters compact{layout, samples.keys()};
  gradient_computed result{.clock = clock, .result = {}, .norm = 0, .gradient = nullptr};
  std::vector<std::span<float>> parts;
  std::vector<const float*> from_blocks, from_rows, from;
  std::vector<float*> to_blocks, to_rows, to;
  for (std::size_t block = 0; block < layout.blocks().size(); ++block)
    from_blocks.push_back(parameters.block(block).data());
  if (layout.flat_size() != 0) {
    auto memory = pool_.take(layout.flat_size());
    clear_padding(layout, memory->values());
    to_blocks = block_pointers(layout, memory->values().data());
    parts.push_back(memory->values());
    result.gradient = std::move(memory);
  }
  for (std::size_t table = 0; table < rows.size(); ++table) {
    auto memory = pool_.take(compact.floats(table));
    from_rows.push_back(rows[table]->values().data());
    to_rows.push_back(memory->values().data());
    parts.push_back(memory->values());
    result.rows.push_back(std::move(memory));
  }
  result.result = model_->gradient(samples.samples(), compact.view<const float>(from_blocks, from_rows, from),
                                   compact.view<float>(to_blocks, to_rows, to));
  result.norm = clip(parts);
  return result;
}

double clipped_gradient::clip(std::span<const std::span<float>> parts) {
  auto limit = context_->what.read().getClipNorm();
  if (limit <= 0)
    return 0;
  double square = 0;
  for (auto part : parts) {
    double of_part = 0;
    device_->squared_norm(*stream_, part, &of_part);
    stream_->synchronize();
    square += of_part;
  }
  auto norm = std::sqrt(square);
  if (norm > limit && std::isfinite(norm))
    for (auto part : parts)
      device_->scale(*stream_, part, static_cast<float>(limit / norm));
  stream_->synchronize();
  return norm;
}

} // namespace drover
