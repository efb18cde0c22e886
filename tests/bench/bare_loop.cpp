#include "tests/bench/bare_loop.hpp"

#include "drover/models/tensor.hpp"

#include <algorithm>
#include <utility>

namespace drover::bench {

bare_loop::bare_loop(std::shared_ptr<const job_context> context)
    : context_(std::move(context)), computer_(context_, 0), device_(gpu::make_cpu_device()),
      stream_(device_->make_stream()),
      rules_(job_rules::of(context_->what.read(), context_->plan.steps, context_->plan.steps_per_epoch)),
      parameters_(context_->plan.layout->flat_size()),
      blocks_(block_pointers<const float>(*context_->plan.layout, parameters_.values().data())),
      state_(rules_.rule->state_slots() * parameters_.size()) {
  const auto& layout = *context_->plan.layout;
  std::ranges::fill(parameters_.values(), 0.0f);
  for (std::size_t block = 0; block < layout.blocks().size(); ++block)
    initialize(layout, block, context_->what.read().getSeed(),
               parameters_.values().data() + layout.blocks()[block].offset);
}

void bare_loop::step(std::uint64_t t) {
  auto computed = computer_.compute(t, {*context_->plan.layout, blocks_});
  rules_.rule->apply(*device_, *stream_, {.learning_rate = rules_.schedule.at(t), .count = t + 1}, parameters_.values(),
                     computed.gradient->values(), parameters_.values(), state_);
  stream_->synchronize();
}

std::vector<float> bare_loop::parameters() const {
  std::vector<float> result;
  for (const auto& block : context_->plan.layout->blocks()) {
    auto values = parameters_.values().subspan(block.offset, block.size);
    result.insert(result.end(), values.begin(), values.end());
  }
  return result;
}

} // namespace drover::bench
