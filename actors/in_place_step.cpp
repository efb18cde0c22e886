#include "drover/actors/in_place_step.hpp"

#include "drover/gpu/device.hpp"

#include <stdexcept>

namespace drover {

in_place_step::in_place_step(std::shared_ptr<const job_context> context)
    : context_(std::move(context)),
      rules_(job_rules::of(context_->what.read(), context_->plan.steps, context_->plan.steps_per_epoch)),
      device_(gpu::make_cpu_device()), model_(context_->make_model(*device_)) {}

// Before its first step a worker has pulled from every shard: each has lent what it has.
void in_place_step::find_memory() {
  lent_ = context_->lent->places();
  if (lent_.size() != context_->plan.layout->blocks().size())
    throw std::logic_error("a shard has not lent its memory");
  for (const auto& place : lent_) {
    if (place.values == nullptr) // lent elsewhere
      throw std::logic_error("a shard has not lent its memory");
    blocks_.push_back(place.values);
    states_.push_back(place.state);
  }
}

gradient_computed in_place_step::compute(const batch& samples, std::uint64_t clock) {
  if (lent_.empty())
    find_memory();
  auto rule = rules_.rule->at({.learning_rate = rules_.schedule.at(clock), .count = clock + 1});
  auto did = model_->in_place()->learn(samples, {context_->plan.layout.get(), blocks_, states_}, rule);
  return {
      .clock = clock, .result = did.result, .norm = 0, .gradient = nullptr, .watched = did.watched, .lost = did.lost};
}

} // namespace drover
