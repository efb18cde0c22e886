#include "drover/actors/core/field_rules.hpp"
#include "drover/actors/core/key_lists.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/worker_core.hpp"

#include <capnp/schema.h>

#include <algorithm>
#include <string>

// What a worker says and hears of rows of sparse tables: which of them it needs from which shard, their values from all
// shards as one, and their gradients to each shard.

namespace drover {

namespace {

std::vector<signed_keys> sign(std::vector<row_keys> lists) {
  std::vector<signed_keys> result;
  for (auto& keys : lists) {
    auto signature = signature_of(*keys);
    result.push_back({std::move(keys), signature});
  }
  return result;
}

// By shard, and for each by key space; in the order of the keys.
std::vector<std::vector<signed_keys>> by_shard(const std::vector<row_keys>& lists, std::uint32_t shards) {
  if (shards == 1)
    return {sign(lists)};
  std::vector<std::vector<row_keys>> parts(shards);
  for (const auto& keys : lists) {
    std::vector<std::vector<std::uint64_t>> found(shards);
    for (auto key : *keys)
      found[shard_of_key(key, shards)].push_back(key);
    for (std::uint32_t shard = 0; shard < shards; ++shard)
      parts[shard].push_back(std::make_shared<const std::vector<std::uint64_t>>(std::move(found[shard])));
  }
  std::vector<std::vector<signed_keys>> result;
  for (auto& part : parts)
    result.push_back(sign(std::move(part)));
  return result;
}

} // namespace

// One that has rows alone is named by no block.
std::size_t worker_core::shards_with_rows(messages::Job::Reader job, std::size_t placed) const {
  if (layout_->tables().empty())
    return placed;
  auto field = capnp::Schema::from<messages::Job>().getFieldByName("shards");
  std::uint64_t count = job.getShards();
  if (!allows(field, count) || count < placed)
    throw protocol_error("the coordinator counts " + std::to_string(count) + " shards, and has placed blocks on " +
                         std::to_string(placed) + ": there can be " + allowed_values(field));
  return count;
}

effects worker_core::handle(const rows_listed& listed, double now) {
  now_ = now;
  effects out;
  if (doing_ == activity::draining || doing_ == activity::leaving || doing_ == activity::left)
    return out; // nothing is computed any more
  auto pull = std::ranges::find(pulls_, listed.clock, &gathered_pull::clock);
  if (pull == pulls_.end() || !pull->requests.empty())
    return out; // of a life that ended meanwhile
  pull->keys = listed.keys;
  pull->keys_of = by_shard(listed.keys, static_cast<std::uint32_t>(shards_.size()));
  auto request = [this, &listed, &pull](std::uint32_t shard, std::span<const std::uint64_t> told) {
    message_builder<messages::PullParameters> message;
    message->setWorker(index_);
    message->setEpoch(epoch_);
    message->setClock(listed.clock);
    put_keys(std::span<const signed_keys>{pull->keys_of[shard]}, told, message);
    return message.finish();
  };
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard) {
    pull->requests.push_back(request(shard, {}));
    // A shard has what it was asked for last.
    const auto& told = shards_[shard].signatures;
    out.emplace_back(send{{address::role::shard, shard}, told.empty() ? pull->requests.back() : request(shard, told)});
  }
  pull->rows.resize(shards_.size());
  return out;
}

effects worker_core::handle(const listing_failed& failure, double now) {
  now_ = now;
  if (doing_ == activity::joining || doing_ == activity::leaving || doing_ == activity::left)
    return {};
  return fail(messages::MemberFailed::Cause::COMPUTATION, failure.sentence);
}

void worker_core::check_answered_rows(messages::ParametersPulled::Reader answer, gathered_pull& pull) {
  if (layout_->tables().empty())
    return;
  auto shard = answer.getShard();
  const auto& lists = pull.keys_of[shard];
  std::vector<std::size_t> counts;
  for (const auto& list : lists)
    counts.push_back(list.keys->size());
  pull.rows[shard] = check_rows(answer.getRows(), *layout_, counts, "shard " + std::to_string(shard));
  shards_[shard].signatures = signatures_of(lists);
}

std::vector<shared_bulk> worker_core::gather_rows(const gathered_pull& pull) {
  std::vector<shared_bulk> result;
  auto shards = static_cast<std::uint32_t>(shards_.size());
  for (std::size_t table = 0; table < layout_->tables().size(); ++table) {
    const auto& what = layout_->tables()[table];
    const auto& keys = *pull.keys[what.key_space];
    // A row more than none, for whoever computes with it.
    auto all = rows_.take(std::max<std::size_t>(1, keys.size()) * what.width);
    auto to = all->values().begin();
    if (keys.empty())
      std::ranges::fill(all->values(), 0.0f);
    std::vector<const float*> next;
    for (const auto& answered : pull.rows)
      next.push_back(answered[table]);
    for (auto key : keys) {
      auto& from = next[shard_of_key(key, shards)];
      to = std::copy_n(from, what.width, to);
      from += what.width;
    }
    result.push_back(std::move(all));
  }
  return result;
}

worker_core::split_rows worker_core::split(const gradient_computed& computed) {
  auto shards = static_cast<std::uint32_t>(shards_.size());
  split_rows result(shards);
  for (std::size_t table = 0; table < layout_->tables().size(); ++table) {
    const auto& what = layout_->tables()[table];
    const auto& keys = *keys_[what.key_space];
    std::vector<float*> next;
    for (std::uint32_t shard = 0; shard < shards; ++shard) {
      auto count = keys_of_[shard][what.key_space].keys->size();
      auto piece = count == 0 ? nullptr : rows_.take(count * what.width);
      next.push_back(piece ? piece->values().data() : nullptr);
      result[shard].push_back(std::move(piece));
    }
    const auto* from = computed.rows[table]->values().data();
    for (auto key : keys) {
      auto& to = next[shard_of_key(key, shards)];
      to = std::copy_n(from, what.width, to);
      from += what.width;
    }
  }
  return result;
}

} // namespace drover
