#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/job_rules.hpp"

// What the coordinator tells those who watch the job.

namespace drover {

void coordinator_core::report_progress(double now, const tested_snapshot* tested, effects& out) {
  message_builder<messages::Progress> progress;
  progress->setEpoch(tested != nullptr ? tested->epoch : epochs_completed_);
  progress->setEpochs(plan_.job.read()->getEpochs());
  meter_.fill(progress.root(), now, plan_.steps * plan_.job.read()->getWorkers());
  if (auto bound = staleness_bound())
    progress->getStaleness().setBound(*bound);
  else
    progress->getStaleness().setUnbounded();
  if (tested != nullptr) {
    if (tested->trained.samples > 0) {
      progress->setLoss(tested->trained.mean_loss());
      progress->setAccuracy(tested->trained.accuracy());
    }
    auto result = progress->getTest().initResult();
    result.setLoss(tested->result->mean_loss());
    result.setAccuracy(tested->result->accuracy());
  }
  last_progress_ = progress.finish();
  out.emplace_back(notify{last_progress_});
}

effects coordinator_core::look(messages::JobView::Builder view) const {
  if (!last_progress_.empty())
    view.setProgress(*last_progress_.read());
  auto workers = view.initWorkers(plan_.job.read()->getWorkers());
  for (std::uint32_t worker = 0; worker < workers.size(); ++worker) {
    workers[worker].setIsMember(members_.find(worker) != nullptr);
    workers[worker].setClock(meter_.clock_of(worker));
  }
  auto shards = view.initShards(static_cast<unsigned>(reports_.size()));
  unsigned i = 0;
  for (const auto& [shard, report] : reports_)
    shards.setWithCaveats(i++, *report.read());
  effects out;
  if (stage_ == stage::training)
    tell_shards(message_builder<messages::TakeReport>{}.finish(), out);
  return out;
}

std::optional<std::uint64_t> coordinator_core::staleness_bound() const {
  auto view = plan_.job.read();
  auto rules = job_rules::of(*view, plan_.steps, plan_.steps_per_epoch);
  return rules.reads->staleness_bound(view->getWorkers(), view->getPrefetch());
}

} // namespace drover
