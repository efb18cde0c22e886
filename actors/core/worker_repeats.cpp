#include "drover/actors/core/sent_rows.hpp"
#include "drover/actors/core/worker_core.hpp"

#include <utility>

// What a worker says again, because no answer came.

namespace drover {

void worker_core::repeat_unanswered(effects& out) {
  for (auto& pull : pulls_)
    if (pull.missing != 0 && pull.repeat.due(now_))
      for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
        repeat_pull(pull, shard, out);
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    if (auto& record = shards_[shard]; !record.open.empty() && record.repeat.due(now_)) {
      applied_after_.back_off(record.repeat.wait());
      repeat_pushes(shard, out);
    }
}

void worker_core::repeat_pull(const gathered_pull& pull, std::uint32_t shard, effects& out) const {
  if (!pull.requests.empty() && pull.answers[shard].empty())
    out.emplace_back(send{{address::role::shard, shard}, pull.requests[shard]});
}

void worker_core::repeat_pushes(std::uint32_t shard, effects& out) {
  for (auto& push : shards_[shard].open) {
    push.is_repeated = true;
    if (!push.keys.empty())
      push.what = with_keys(push.what, std::exchange(push.keys, {}));
    out.emplace_back(send{{address::role::shard, shard}, push.what});
  }
}

// At once, not after a wait that has grown long and says nothing of the new place.
effects worker_core::handle(const shard_moved& where, double now) {
  effects out;
  now_ = now;
  if (doing_ == activity::joining || doing_ == activity::leaving || doing_ == activity::left ||
      where.shard >= shards_.size())
    return out;
  for (auto& pull : pulls_) {
    pull.repeat = {now_, applied_after_.wait()};
    repeat_pull(pull, where.shard, out);
  }
  shards_[where.shard].signatures.clear();
  shards_[where.shard].repeat = {now_, applied_after_.wait()};
  repeat_pushes(where.shard, out);
  return out;
}

} // namespace drover
