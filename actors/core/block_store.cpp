#include "drover/actors/core/block_store.hpp"

#include "drover/models/shared_float.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace drover {

// A block's memory and how many readers hold it. The count is our own because shared_ptr's use_count() does not order
// the last reader's reads before the owner's next write; release and acquire on this one do.
struct block_store::cell {
  std::shared_ptr<bulk> memory;
  std::atomic<std::uint64_t> readers{0};
};

namespace {

// Unused pieces kept for the next copy-on-write: as many as readers usually let go of between two updates.
constexpr std::size_t spares_per_block = 4;

} // namespace

block_store::block_store(const parameter_layout& layout, std::vector<std::uint32_t> blocks, std::uint64_t seed,
                         const update_rule& rule, const compensation& compensate, gpu::device& device)
    : rule_(rule), compensation_(compensate), device_(device), stream_(device.make_stream()),
      indices_(std::move(blocks)), pool_(spares_per_block * indices_.size()) {
  gpu::demand_host_memory(device_, "a shard");
  for (auto index : indices_) {
    const auto& where = layout.blocks()[index];
    block fresh;
    fresh.values = std::make_shared<cell>();
    fresh.values->memory = pool_.take(where.size);
    initialize(layout, index, seed, fresh.values->memory->values().data());
    fresh.rule_state = std::make_shared<std::vector<float>>(rule.state_slots() * where.size);
    fresh.compensation_state.resize(compensate.state_slots() * where.size);
    if (compensate.needs_backup())
      corrected_.resize(std::max(corrected_.size(), where.size));
    parameters_ += where.size;
    blocks_.push_back(std::move(fresh));
  }
}

block_store::~block_store() = default;

std::size_t block_store::position(std::uint32_t index) const {
  auto found = std::ranges::lower_bound(indices_, index);
  if (found == indices_.end() || *found != index)
    return size();
  return static_cast<std::size_t>(found - indices_.begin());
}

std::size_t block_store::length(std::size_t position) const {
  return blocks_[position].values->memory->size();
}

lent_block block_store::lend(std::size_t position) {
  auto& values = blocks_[position].values;
  values->readers.fetch_add(1, std::memory_order_relaxed);
  return {values->memory->values().data(),
          [held = values](const float*) { held->readers.fetch_sub(1, std::memory_order_release); }};
}

std::vector<lent_place> block_store::lend_in_place() {
  std::vector<lent_place> result;
  for (std::size_t i = 0; i < size(); ++i) {
    auto& [values, state, compensation_state, updates] = blocks_[i];
    auto both = std::make_shared<std::pair<std::shared_ptr<cell>, std::shared_ptr<std::vector<float>>>>(values, state);
    result.push_back({indices_[i], values->memory->values().data(), state->data(), std::move(both)});
  }
  return result;
}

lent_block block_store::copy(std::size_t position) {
  auto from = std::as_const(*blocks_[position].values->memory).values();
  auto piece = pool_.take(from.size());
  std::ranges::transform(from, piece->values().begin(), read_shared);
  return {piece, piece->values().data()};
}

std::array<std::span<const float>, 3> block_store::contents(std::size_t position) const {
  const auto& one = blocks_[position];
  return {std::as_const(*one.values->memory).values(), *one.rule_state, one.compensation_state};
}

std::array<std::span<float>, 3> block_store::contents(std::size_t position) {
  auto& one = blocks_[position];
  return {one.values->memory->values(), *one.rule_state, one.compensation_state};
}

void block_store::apply(std::size_t position, std::span<const float> gradient, std::span<const float> backup,
                        float learning_rate) {
  auto& target = blocks_[position];
  std::span<const float> before = target.values->memory->values();
  auto usable = compensation_.correct(device_, *stream_,
                                      {.gradient = gradient,
                                       .weights = before,
                                       .backup = backup,
                                       .state = target.compensation_state,
                                       .scratch = std::span{corrected_}.first(corrected_.empty() ? 0 : before.size())});
  auto next = target.values;
  if (target.values->readers.load(std::memory_order_acquire) != 0) {
    next = std::make_shared<cell>();
    next->memory = pool_.take(before.size());
    ++renewed_;
  }
  rule_.apply(device_, *stream_, {.learning_rate = learning_rate, .count = ++target.updates}, before, usable,
              next->memory->values(), *target.rule_state);
  stream_->synchronize();
  target.values = std::move(next);
}

void block_store::apply_mean(std::size_t position, std::span<const float* const> gradients, float learning_rate) {
  auto size = length(position);
  if (gradients.size() == 1) {
    apply(position, {gradients.front(), size}, {}, learning_rate);
    return;
  }
  mean_.resize(std::max(mean_.size(), size));
  auto mean = std::span{mean_}.first(size);
  device_.copy(*stream_, {gradients.front(), size}, mean);
  for (auto gradient : gradients.subspan(1))
    device_.accumulate(*stream_, {gradient, size}, mean);
  device_.scale(*stream_, mean, 1.0f / static_cast<float>(gradients.size()));
  apply(position, mean, {}, learning_rate);
}

} // namespace drover
