#include "drover/actors/sim/checkers/parameters_agree.hpp"

#include "drover/actors/core/block_list.hpp"

#include <cstring>
#include <string>

namespace drover::sim {

parameters_agree::parameters_agree(const training_plan& plan, ledger& books)
    : plan_(plan), rules_(job_rules::of(*plan.job.read(), plan.steps, plan.steps_per_epoch)),
      device_(gpu::make_cpu_device()), stream_(device_->make_stream()) {
  for (std::uint32_t shard = 0; shard < plan.job.read()->getShards(); ++shard)
    blocks_of_[shard] = plan.blocks_of(shard);
  for (std::size_t index = 0; index < plan.layout->blocks().size(); ++index) {
    auto size = plan.layout->blocks()[index].size;
    block fresh;
    fresh.values.resize(size);
    initialize(*plan.layout, index, plan.job.read()->getSeed(), fresh.values.data());
    fresh.rule_state.resize(rules_.rule->state_slots() * size);
    fresh.compensation_state.resize(rules_.compensate->state_slots() * size);
    blocks_.push_back(std::move(fresh));
  }
  books.on_update([this](std::uint32_t shard, const std::vector<ledger::taken_push>& pushes, std::uint64_t before) {
    apply(shard, pushes, before);
  });
}

void parameters_agree::apply(std::uint32_t shard, const std::vector<ledger::taken_push>& pushes,
                             std::uint64_t version_before) {
  const auto& first = pushes.front();
  auto rate = rules_.schedule.at(first.clock);
  if (!rules_.reads->by_clock())
    rate = rules_.compensate->learning_rate(rate, version_before - first.version_read);
  auto read = readings_.extract({shard, first.worker, first.joined, first.clock});
  const auto& mine = blocks_of_.at(shard);
  for (unsigned i = 0; i < mine.size(); ++i) {
    auto& to = blocks_[mine[i]];
    std::vector<float> sum;
    for (const auto& push : pushes) {
      auto bytes = push.source.read()->getBlocks()[i].getValues();
      std::vector<float> one(to.values.size());
      std::memcpy(one.data(), bytes.begin(), one.size() * sizeof(float));
      if (sum.empty())
        sum = std::move(one);
      else
        for (std::size_t k = 0; k < sum.size(); ++k)
          sum[k] += one[k];
    }
    if (pushes.size() > 1)
      for (auto& value : sum)
        value *= 1.0f / static_cast<float>(pushes.size());
    apply(to, std::move(sum), read.empty() ? nullptr : &read.mapped()[i], rate);
  }
}

void parameters_agree::apply(block& to, std::vector<float> gradient, const std::vector<float>* read, float rate) {
  std::vector<float> scratch(gradient.size());
  std::span<const float> backup;
  if (read != nullptr)
    backup = *read;
  auto usable = rules_.compensate->correct(*device_, *stream_,
                                           {.gradient = gradient,
                                            .weights = to.values,
                                            .backup = backup,
                                            .state = to.compensation_state,
                                            .scratch = scratch});
  rules_.rule->apply(*device_, *stream_, {.learning_rate = rate, .count = ++to.updates}, to.values, usable, to.values,
                     to.rule_state);
  stream_->synchronize();
}

void parameters_agree::on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) {
  auto compare = [&](auto view, const blocks* first) {
    const auto& mine = blocks_of_.at(from.index);
    auto values = check_blocks(view.getBlocks(), *plan_.layout, mine, to_string(from));
    for (std::size_t i = 0; i < mine.size(); ++i) {
      const auto& expected = first != nullptr ? first->at(i) : blocks_[mine[i]].values;
      if (std::memcmp(values[i], expected.data(), expected.size() * sizeof(float)) != 0)
        throw violation("parameters", now,
                        to_string(from) + " gives " + to_string(to) + " a block " + std::to_string(mine[i]) +
                            " of version " + std::to_string(view.getVersion()) + " that is not what its updates make");
    }
  };
  if (const auto* snapshot = std::get_if<message<messages::SnapshotTaken>>(&what)) {
    auto view = snapshot->read();
    return compare(*view, nullptr);
  }
  const auto* answer = std::get_if<message<messages::ParametersPulled>>(&what);
  if (answer == nullptr)
    return;
  auto view = answer->read();
  if (!rules_.compensate->needs_backup())
    return compare(*view, nullptr);
  auto [first, is_new] = readings_.try_emplace({from.index, to.index, view->getEpoch(), view->getClock()});
  if (is_new)
    for (auto index : blocks_of_.at(from.index))
      first->second.push_back(blocks_[index].values);
  compare(*view, &first->second);
}

} // namespace drover::sim
