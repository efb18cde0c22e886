#include "drover/actors/core/shard_core.hpp"

// What a shard counted, for its coordinator.

namespace drover {

message<messages::ShardReport> shard_core::report() const {
  message_builder<messages::ShardReport> answer;
  answer->setShard(index_);
  answer->setVersion(version_);
  answer->setParameters(store_.parameters() + rows_.parameters());
  answer->setPulls(pulls_);
  answer->setPullsParked(parked_.parked_ever());
  answer->setBytesPulled(bytes_pulled_);
  answer->setBytesPushed(bytes_pushed_);
  answer->setUpdatesWatched(updates_watched_);
  answer->setUpdatesLost(updates_lost_);
  answer->setBlocksRenewed(store_.renewed());
  answer->setClockMin(clocks_.size() == 0 ? 0 : clocks_.min());
  answer->setMembershipEpoch(epoch_);
  auto workers = answer->initWorkers(static_cast<unsigned>(workers_.size()));
  unsigned i = 0;
  for (const auto& [worker, record] : workers_) {
    auto line = workers[i++];
    line.setWorker(worker);
    line.setUpdates(record.staleness.updates());
    line.setRepeated(record.repeated);
    line.setStalenessSum(record.staleness.sum());
    line.setStalenessMax(record.staleness.max());
    auto counts = record.staleness.counts();
    line.setCounts({counts.data(), counts.size()});
  }
  rows_.describe(answer.root());
  answer->setRowStalenessMax(row_staleness_max_);
  parked_.describe(answer.root(), *rules_.reads, clocks_);
  return answer.finish();
}

} // namespace drover
