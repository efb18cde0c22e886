#include "drover/actors/core/worker_core.hpp"

#include <algorithm>
#include <utility>

// How a worker says that it is done, or that it cannot go on.

namespace drover {

void worker_core::leave_if_drained(effects& out) {
  if (doing_ != activity::draining ||
      !std::ranges::all_of(shards_, [](const shard_record& shard) { return shard.open.empty(); }))
    return;
  report_progress(out);
  message_builder<messages::WorkerLeft> left;
  left->setWorker(index_);
  left->setEpoch(epoch_);
  left->setClock(clock_);
  begin_leaving(left.finish(), out);
}

void worker_core::begin_leaving(protocol_message farewell, effects& out) {
  doing_ = activity::leaving;
  pulls_.clear();
  unsent_.reset();
  out.emplace_back(send{{address::role::coordinator, 0}, farewell});
  farewell_ = std::move(farewell);
}

effects worker_core::fail(messages::MemberFailed::Cause cause, const std::string& sentence) {
  message_builder<messages::MemberFailed> failure;
  failure->setRole(messages::MemberFailed::Role::WORKER);
  failure->setIndex(index_);
  failure->setEpoch(epoch_);
  failure->setClock(clock_);
  failure->setCause(cause);
  failure->setSentence("worker " + std::to_string(index_) + " at step " + std::to_string(clock_) + ": " + sentence);
  effects out;
  begin_leaving(failure.finish(), out);
  return out;
}

} // namespace drover
