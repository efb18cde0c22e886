#include "drover/actors/core/job_summary.hpp"

#include <limits>

namespace drover {

// The copy reads what is there, the loops that it is what the schema says.
message<messages::ShardReport> checked_copy(messages::ShardReport::Reader report) {
  for (auto worker : report.getWorkers())
    static_cast<void>(worker.getCounts());
  for (auto wait : report.getWaiting())
    static_cast<void>(wait.getWaitsFor());
  return message_builder<messages::ShardReport>{report}.finish();
}

message<messages::Summary> summarize(const job_ending& ending,
                                     const std::map<std::uint32_t, message<messages::ShardReport>>& reports) {
  message_builder<messages::Summary> result;
  result->setOutcome(ending.outcome);
  result->setSentence(ending.sentence);
  result->setSeconds(ending.seconds);
  result->setSamples(ending.samples);
  result->setSamplesPerSecond(ending.seconds > 0 ? static_cast<double>(ending.samples) / ending.seconds : 0);
  result->setEpochs(ending.epochs);
  constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
  result->setTestLoss(ending.test ? ending.test->mean_loss() : unknown);
  result->setTestAccuracy(ending.test ? ending.test->accuracy() : unknown);
  result->setSavedEpoch(ending.saved_epoch);
  result->setWorkersLost(ending.workers_lost);
  result->setWorkersJoined(ending.workers_joined);
  result->setWorkersMoved(ending.workers_moved);
  auto happenings = result->initHappenings(static_cast<unsigned>(ending.happenings.size()));
  for (unsigned at = 0; at < ending.happenings.size(); ++at) {
    happenings[at].setSeconds(ending.happenings[at].seconds);
    happenings[at].setSentence(ending.happenings[at].sentence);
  }
  result->setHappeningsMore(ending.happenings_more);
  if (ending.staleness_bound)
    result->getStaleness().setBound(*ending.staleness_bound);
  else
    result->getStaleness().setUnbounded();
  result->setShardsSilent(ending.shards - static_cast<std::uint32_t>(reports.size()));
  auto shards = result->initShards(static_cast<unsigned>(reports.size()));
  std::uint64_t pulled = 0;
  std::uint64_t pushed = 0;
  unsigned i = 0;
  for (const auto& [shard, report] : reports) {
    auto view = report.read();
    shards.setWithCaveats(i++, *view);
    pulled += view->getBytesPulled();
    pushed += view->getBytesPushed();
  }
  result->setBytesPulled(pulled);
  result->setBytesPushed(pushed);
  return result.finish();
}

} // namespace drover
