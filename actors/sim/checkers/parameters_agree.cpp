#include "drover/actors/sim/checkers/parameters_agree.hpp"

#include "drover/actors/core/block_list.hpp"
#include "drover/models/row_keys.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace drover::sim {

parameters_agree::parameters_agree(const training_plan& plan, ledger& books)
    : plan_(plan), rules_(job_rules::of(*plan.job.read(), plan.steps, plan.steps_per_epoch)),
      device_(gpu::make_cpu_device()), stream_(device_->make_stream()), tables_(plan.layout->tables().size()),
      books_(books) {
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
  books.on_rows([this](const ledger::taken_push& push) { apply_rows({push}, rules_.schedule.at(push.clock)); });
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
  if (!books_.rows_alone())
    apply_rows(pushes, rate);
}

parameters_agree::row& parameters_agree::row_of(std::size_t table, std::uint64_t key) {
  const auto& what = plan_.layout->tables()[table];
  auto [found, is_new] = tables_[table].try_emplace(key);
  if (is_new) {
    found->second.values.resize(what.width);
    found->second.rule_state.resize(rules_.rule->state_slots() * what.width);
    initialize(plan_.layout->tensors()[what.tensor], plan_.job.read()->getSeed(), key * what.width,
               found->second.values.data(), what.width);
  }
  return found->second;
}

void parameters_agree::apply_rows(const std::vector<ledger::taken_push>& pushes, float rate) {
  for (unsigned table = 0; table < tables_.size(); ++table) {
    const auto& what = plan_.layout->tables()[table];
    std::map<std::uint64_t, std::vector<float>> sums;
    for (const auto& push : pushes) {
      auto view = push.source.read();
      auto bytes = view->getRows()[table];
      const auto& keys = push.keys[what.key_space];
      for (std::size_t i = 0; i < keys.size(); ++i) {
        std::vector<float> one(what.width);
        std::memcpy(one.data(), bytes.begin() + i * what.width * sizeof(float), what.width * sizeof(float));
        auto [sum, is_first] = sums.try_emplace(keys[i], one);
        for (std::size_t k = 0; k < what.width && !is_first; ++k)
          sum->second[k] += one[k];
      }
    }
    for (auto& [key, sum] : sums) {
      if (pushes.size() > 1)
        for (auto& value : sum)
          value *= 1.0f / static_cast<float>(pushes.size());
      auto& to = row_of(table, key);
      rules_.rule->apply(*device_, *stream_, {.learning_rate = rate, .count = ++to.updates}, to.values, sum, to.values,
                         to.rule_state);
      stream_->synchronize();
    }
  }
}

void parameters_agree::compare_rows(nanoseconds now, const address& from, const address& to,
                                    messages::ParametersPulled::Reader answer) {
  for (unsigned table = 0; table < tables_.size(); ++table) {
    const auto& what = plan_.layout->tables()[table];
    const auto& keys =
        books_.of(from.index).named.at({to.index, answer.getEpoch()}).at(answer.getClock())[what.key_space];
    auto bytes = answer.getRows()[table];
    auto row_bytes = what.width * sizeof(float);
    if (bytes.size() != keys.size() * row_bytes)
      throw violation("parameters", now,
                      to_string(from) + " gives " + to_string(to) + " " + std::to_string(bytes.size()) + " bytes of " +
                          std::to_string(keys.size()) + " rows of table " + std::to_string(table));
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (std::memcmp(bytes.begin() + i * row_bytes, row_of(table, keys[i]).values.data(), row_bytes) != 0)
        throw violation("parameters", now,
                        to_string(from) + " gives " + to_string(to) + " row " + std::to_string(keys[i]) + " of table " +
                            std::to_string(table) + " of version " + std::to_string(answer.getVersion()) +
                            " that is not what its updates make");
  }
}

void parameters_agree::compare_rows(nanoseconds now, const address& from, messages::SnapshotTaken::Reader snapshot) {
  std::vector<std::size_t> seen(tables_.size());
  for (auto piece : snapshot.getRows()) {
    const auto& what = plan_.layout->tables()[piece.getTable()];
    auto row_bytes = what.width * sizeof(float);
    // Each once: to look it up counts as reading it, of which there is a limit.
    auto keys = piece.getKeys();
    auto values = piece.getValues();
    for (std::size_t i = 0; i < keys.size() / sizeof(std::uint64_t); ++i, ++seen[piece.getTable()]) {
      std::uint64_t key = 0;
      std::memcpy(&key, keys.begin() + i * sizeof key, sizeof key);
      if (std::memcmp(values.begin() + i * row_bytes, row_of(piece.getTable(), key).values.data(), row_bytes) != 0)
        throw violation("parameters", now,
                        to_string(from) + " saves row " + std::to_string(key) + " of table " +
                            std::to_string(piece.getTable()) + " that is not what its updates make");
    }
  }
  auto shards = plan_.job.read()->getShards();
  for (std::size_t table = 0; table < tables_.size(); ++table) {
    auto updated = std::ranges::count_if(tables_[table], [&](const auto& row) {
      return row.second.updates > 0 && shard_of_key(row.first, shards) == from.index;
    });
    if (static_cast<std::size_t>(updated) != seen[table])
      throw violation("parameters", now,
                      to_string(from) + " saves " + std::to_string(seen[table]) + " rows of table " +
                          std::to_string(table) + " instead of " + std::to_string(updated));
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
    compare_rows(now, from, *view);
    return compare(*view, nullptr);
  }
  const auto* answer = std::get_if<message<messages::ParametersPulled>>(&what);
  if (answer == nullptr)
    return;
  auto view = answer->read();
  compare_rows(now, from, to, *view);
  if (!rules_.compensate->needs_backup())
    return compare(*view, nullptr);
  auto [first, is_new] = readings_.try_emplace({from.index, to.index, view->getEpoch(), view->getClock()});
  if (is_new)
    for (auto index : blocks_of_.at(from.index))
      first->second.push_back(blocks_[index].values);
  compare(*view, &first->second);
}

} // namespace drover::sim
