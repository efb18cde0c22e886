#include "drover/actors/core/shard_core.hpp"

#include <algorithm>
#include <string>
#include <utility>

// What a shard does with rows of sparse tables. Which messages count, and when, is not decided here.

namespace drover {

namespace {

std::vector<std::size_t> counts_of(const key_lists& keys) {
  std::vector<std::size_t> result;
  for (const auto& list : keys)
    result.push_back(list->keys.size());
  return result;
}

// Of one piece of a snapshot: what one Cap'n Proto `Data` holds is twice that.
constexpr std::size_t piece_bytes_max = std::size_t{256} << 20;

} // namespace

bool shard_core::take_keys(const pull_request& request, const message<messages::PullParameters>& pull) {
  auto keys = workers_[request.worker].keys.take(request.clock, pull.read()->getKeys(), pull.shared_segments(),
                                                 allowed_keys(), "worker " + std::to_string(request.worker));
  return keys.size() == layout_->key_spaces();
}

bool shard_core::find_rows(accepted_push& push, worker_record& record) const {
  auto view = push.source.read();
  auto who = "worker " + std::to_string(push.worker);
  push.keys = record.keys.take(push.clock, view->getKeys(), push.source.shared_segments(), allowed_keys(), who);
  if (push.keys.size() != layout_->key_spaces())
    return false;
  push.rows = check_rows(view->getRows(), *layout_, counts_of(push.keys), who);
  return true;
}

std::size_t shard_core::carried_bytes(const key_lists& keys) const {
  auto bytes = carried().empty() ? 0 : store_.parameters() * sizeof(float);
  for (const auto& table : layout_->tables())
    bytes += keys[table.key_space]->keys.size() * table.width * sizeof(float);
  return bytes;
}

void shard_core::put_rows(const key_lists& keys, message_builder<messages::ParametersPulled>& into) {
  auto tables = layout_->tables();
  auto lists = into->initRows(static_cast<unsigned>(tables.size()));
  for (unsigned table = 0; table < tables.size(); ++table)
    if (auto rows = rows_.read(table, keys[tables[table].key_space]->keys))
      lists.adopt(table, into.refer(rows->values(), rows));
}

void shard_core::apply_rows(std::span<const accepted_push> pushes, float learning_rate) {
  std::vector<row_gradients> gradients(pushes.size());
  for (std::size_t table = 0; table < layout_->tables().size(); ++table) {
    auto space = layout_->tables()[table].key_space;
    std::ranges::transform(pushes, gradients.begin(), [&](const accepted_push& push) {
      return row_gradients{push.keys[space]->keys, push.rows[table]};
    });
    rows_.apply_mean(table, gradients, learning_rate);
  }
}

void shard_core::apply_rows_alone(const accepted_push& push, worker_record& record) {
  if (auto read = record.rows_read.find(push.clock); read != record.rows_read.end())
    row_staleness_max_ = std::max(row_staleness_max_, rows_pushes_ - read->second);
  record.rows_read.erase(record.rows_read.begin(), record.rows_read.upper_bound(push.clock));
  // What was part of a copy that went on elsewhere comes again for the rest of it.
  if (push.sequence <= record.rows_applied)
    return;
  apply_rows({&push, 1}, rules_.schedule.at(push.clock));
  record.rows_applied = push.sequence;
  ++rows_pushes_;
}

void shard_core::put_all_rows(message_builder<messages::SnapshotTaken>& into) const {
  struct piece {
    std::uint32_t table;
    std::shared_ptr<std::vector<std::uint64_t>> keys;
    std::shared_ptr<bulk> values;
  };
  std::vector<piece> pieces;
  for (std::uint32_t table = 0; table < rows_.tables(); ++table) {
    auto width = layout_->tables()[table].width;
    auto most = std::max<std::size_t>(1, piece_bytes_max / (std::max(width, std::size_t{2}) * sizeof(float)));
    auto left = rows_.table(table).size();
    std::size_t room = 0;
    rows_.table(table).each([&](std::uint64_t key, std::span<const float> values) {
      if (room == 0) {
        room = std::min(most, left);
        pieces.push_back({table, std::make_shared<std::vector<std::uint64_t>>(), std::make_shared<bulk>(room * width)});
      }
      auto& last = pieces.back();
      std::ranges::copy(values, last.values->values().subspan(last.keys->size() * width).begin());
      last.keys->push_back(key);
      --room;
      --left;
    });
  }
  auto list = into->initRows(static_cast<unsigned>(pieces.size()));
  for (unsigned i = 0; i < pieces.size(); ++i) {
    list[i].setTable(pieces[i].table);
    list[i].adoptKeys(into.refer(*pieces[i].keys, pieces[i].keys));
    list[i].adoptValues(into.refer(std::as_const(*pieces[i].values).values(), pieces[i].values));
  }
}

} // namespace drover
