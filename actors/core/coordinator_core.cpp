#include "drover/actors/core/coordinator_core.hpp"

#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/placement.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/stall_report.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace drover {

namespace {

constexpr double progress_interval_seconds = 0.2;
// After a failure: for reports and parameters of those who still live.
constexpr double closing_deadline_seconds = 10;

constexpr std::uint32_t stall_timer = 1;
constexpr std::uint32_t closing_timer = 2;
constexpr std::uint32_t tick_timer = 3;
// How often the coordinator looks for who is silent, and repeats what is not answered.
constexpr double tick_seconds = 1;
constexpr double answer_wait_seconds = 2;
// A stall is nothing new in so many looks in a row, each half of the job's stallSeconds after the last.
constexpr int quiet_looks_max = 2;

address worker_address(std::uint32_t index) {
  return {address::role::worker, index};
}

address shard_address(std::uint32_t index) {
  return {address::role::shard, index};
}

// Reports are kept, read again and passed on: here all of one is read, so that nobody later finds that it cannot be.
// The copy reads what is there, the loops that it is what the schema says.
message<messages::ShardReport> checked_copy(messages::ShardReport::Reader report) {
  for (auto worker : report.getWorkers())
    static_cast<void>(worker.getCounts());
  for (auto wait : report.getWaiting())
    static_cast<void>(wait.getWaitsFor());
  return message_builder<messages::ShardReport>{report}.finish();
}

} // namespace

coordinator_core::coordinator_core(training_plan plan)
    : plan_(std::move(plan)), members_(plan_.job.read()->getWorkers(), plan_.job.read()->getShards()),
      meter_(plan_.job.read()->getWorkers()) {
  for (std::uint32_t shard = 0; shard < plan_.job.read()->getShards(); ++shard)
    shards_.insert(shard);
}

// -- beginning -------------------------------------------------------------------------------------------------------

effects coordinator_core::start(double now) {
  effects out;
  auto one_thread = takes_turns(*plan_.job.read());
  for (auto shard : shards_)
    out.emplace_back(
        spawn_shard{shard, assign_shard(plan_, members_, shard), one_thread || updates_long(plan_.bytes_of(shard))});
  // The initial parameters are the first that can be fallen back on.
  take_snapshot(now, out);
  for (const auto& [worker, ignored] : members_.members()) {
    members_.hear(worker, now);
    out.emplace_back(spawn_worker{worker, assign_worker(plan_, members_, worker), one_thread});
  }
  out.emplace_back(set_timer{tick_timer, tick_seconds});
  out.emplace_back(set_timer{stall_timer, plan_.job.read()->getStallSeconds() / quiet_looks_max});
  return out;
}

template <class Handler>
effects coordinator_core::guarded(double now, Handler handler) {
  effects out;
  auto refuse = [this, now, &out](const std::string& sentence) {
    give_up_snapshot();
    fail(messages::Summary::Outcome::FAILED, "the coordinator refused a message: " + sentence, now, out);
    finish_if_complete(out);
  };
  try {
    handler(out);
  } catch (const protocol_error& error) {
    refuse(error.what());
  } catch (const kj::Exception& error) {
    refuse(std::string{"it cannot be read: "} + error.getDescription().cStr());
  }
  return out;
}

void coordinator_core::tell_shards(const protocol_message& what, effects& out) const {
  for (auto shard : shards_)
    out.emplace_back(send{shard_address(shard), what});
}

// -- training --------------------------------------------------------------------------------------------------------

effects coordinator_core::handle(const message<messages::WorkerProgress>& progress, double now) {
  return guarded(now, [this, &progress, now](effects& out) {
    auto view = progress.read();
    if (!members_.counts(view->getWorker(), view->getEpoch()))
      return dismiss(view->getWorker(), view->getEpoch(), out);
    members_.hear(view->getWorker(), now);
    meter_.take(*view);
    auto completed = static_cast<std::uint32_t>(meter_.clock_min() / plan_.steps_per_epoch);
    if (completed > epochs_completed_) {
      epochs_completed_ = completed;
      // The last epoch's parameters are those that remain when every worker has left.
      if (stage_ == stage::training && completed < plan_.job.read()->getEpochs()) {
        snapshot_wanted_ = true;
        take_snapshot(now, out);
      }
    }
    if (stage_ == stage::training && meter_.since_last(now) >= progress_interval_seconds)
      report_progress(now, epochs_completed_, {}, out);
  });
}

// -- members ---------------------------------------------------------------------------------------------------------

effects coordinator_core::handle(const message<messages::JoinTraining>& request, double now) {
  return guarded(now, [this, &request, now](effects& out) {
    auto worker = request.read()->getWorker();
    auto life = request.read()->getLife();
    if (stage_ != stage::training || stopping_ || worker >= plan_.job.read()->getWorkers())
      return dismiss(worker, 0, out);
    const auto* known = members_.find(worker);
    if (known == nullptr || known->life != life) {
      if (known != nullptr)
        ++lost_;
      members_.join(worker, life, meter_.clock_min(), now);
      return change_members(now, out);
    }
    members_.hear(worker, now);
    if (known->started) // it did not hear so
      out.emplace_back(send{worker_address(worker), assign_worker(plan_, members_, worker)});
  });
}

effects coordinator_core::handle(const message<messages::MembershipAdopted>& adopted, double now) {
  return guarded(now, [this, &adopted, now](effects& out) {
    members_.adopt(*adopted.read());
    start_ready(now, out);
  });
}

void coordinator_core::start_ready(double now, effects& out) {
  for (auto worker : members_.take_ready()) {
    ++joined_;
    out.emplace_back(send{worker_address(worker), assign_worker(plan_, members_, worker)});
  }
  change_members(now, out);
}

void coordinator_core::change_members(double now, effects& out) {
  if (!members_.begin_epoch())
    return;
  change_repeat_ = {now, answer_wait_seconds};
  change_ = change_to(members_);
  tell_shards(change_, out);
}

effects coordinator_core::handle(const message<messages::WorkerLeft>& left, double now) {
  return guarded(now, [this, &left, now](effects& out) {
    auto view = left.read();
    dismiss(view->getWorker(), view->getEpoch(), out);
    // One that was taken for dead may have done its work all the same.
    auto counts = members_.counts(view->getWorker(), view->getEpoch());
    anyone_done_ = anyone_done_ || counts || view->getClock() >= plan_.steps;
    if (counts) {
      members_.remove(view->getWorker());
      change_members(now, out);
    }
    close_if_left(now, out);
  });
}

void coordinator_core::lose_worker(std::uint32_t worker, double now, effects& out) {
  if (!members_.remove(worker))
    return;
  ++lost_;
  meter_.lose(worker);
  change_members(now, out);
  close_if_left(now, out);
}

// Where all were lost before any was done, one may come back: if none does, that is a stall.
void coordinator_core::close_if_left(double now, effects& out) {
  if (stage_ == stage::training && members_.empty() && (anyone_done_ || stopping_))
    close(now, out);
}

void coordinator_core::dismiss(std::uint32_t worker, std::uint64_t epoch, effects& out) const {
  if (worker >= plan_.job.read()->getWorkers())
    return;
  message_builder<messages::Dismiss> dismissal;
  dismissal->setEpoch(epoch);
  out.emplace_back(send{worker_address(worker), dismissal.finish()});
}

void coordinator_core::repeat_unanswered(double now, effects& out) {
  if (!members_.behind().empty() && change_repeat_.due(now)) {
    for (auto shard : members_.behind())
      out.emplace_back(send{shard_address(shard), change_});
  }
  if (gathering_ && snapshot_repeat_.due(now)) {
    message_builder<messages::TakeSnapshot> request;
    request->setRequest(requests_);
    auto what = request.finish();
    for (auto shard : gathering_->missing())
      out.emplace_back(send{shard_address(shard), what});
  }
  if (stage_ == stage::closing && !reports_missing_.empty() && report_repeat_.due(now)) {
    auto what = message_builder<messages::TakeReport>{}.finish();
    for (auto shard : reports_missing_)
      out.emplace_back(send{shard_address(shard), what});
  }
  if (stopping_ || stage_ == stage::closing)
    tell_workers_to_stop(out);
}

effects coordinator_core::handle(const stop_requested&, double) {
  effects out;
  if (stage_ != stage::training || stopping_)
    return out;
  stopping_ = true;
  outcome_ = messages::Summary::Outcome::STOPPED;
  sentence_ = "stopped on request";
  tell_workers_to_stop(out);
  return out;
}

void coordinator_core::tell_workers_to_stop(effects& out) const {
  auto request = message_builder<messages::StopTraining>{}.finish();
  for (const auto& [worker, ignored] : members_.members())
    out.emplace_back(send{worker_address(worker), request});
}

void coordinator_core::report_progress(double now, std::uint32_t epoch, const std::optional<batch_result>& test,
                                       effects& out) {
  message_builder<messages::Progress> progress;
  progress->setEpoch(epoch);
  progress->setEpochs(plan_.job.read()->getEpochs());
  meter_.fill(progress.root(), now, plan_.steps * plan_.job.read()->getWorkers());
  if (auto bound = staleness_bound())
    progress->getStaleness().setBound(*bound);
  else
    progress->getStaleness().setUnbounded();
  if (test) {
    auto result = progress->getTest().initResult();
    result.setLoss(test->mean_loss());
    result.setAccuracy(test->accuracy());
  }
  out.emplace_back(notify{progress.finish()});
}

std::optional<std::uint64_t> coordinator_core::staleness_bound() const {
  auto view = plan_.job.read();
  auto rules = job_rules::of(*view, plan_.steps, plan_.steps_per_epoch);
  return rules.reads->staleness_bound(view->getWorkers(), view->getPrefetch());
}

// -- snapshots -------------------------------------------------------------------------------------------------------

void coordinator_core::take_snapshot(double now, effects& out) {
  if (testing_)
    return; // wanted still: taken when the one under way is tested
  snapshot_wanted_ = false;
  testing_ = {.request = ++requests_,
              .epoch = epochs_completed_,
              .last = stage_ == stage::closing,
              .parameters = {},
              .result = {}};
  gathering_.emplace(plan_, requests_);
  snapshot_repeat_ = {now, answer_wait_seconds};
  message_builder<messages::TakeSnapshot> request;
  request->setRequest(requests_);
  tell_shards(request.finish(), out);
}

effects coordinator_core::handle(const message<messages::SnapshotTaken>& snapshot, double now) {
  return guarded(now, [this, &snapshot, now](effects& out) {
    if (!gathering_)
      return;
    gathering_->take(snapshot, plan_);
    if (gathering_->complete())
      test_gathered(now, out);
  });
}

void coordinator_core::test_gathered(double now, effects& out) {
  testing_->parameters = gathering_->finish(plan_);
  gathering_.reset();
  if (last_good_) {
    out.emplace_back(evaluate_parameters{testing_->request, testing_->parameters});
    return;
  }
  // The initial parameters: kept, not tested.
  last_good_ = std::exchange(testing_, std::nullopt);
  if (snapshot_wanted_)
    take_snapshot(now, out);
}

effects coordinator_core::handle(const evaluated& result, double now) {
  effects out;
  if (!testing_ || gathering_ || testing_->request != result.request)
    return out;
  auto tested = *std::exchange(testing_, std::nullopt);
  tested.result = result.result;
  report_progress(now, tested.epoch, tested.result, out);
  if (std::isfinite(result.result.loss_sum))
    last_good_ = tested;
  else // where something else failed first, that remains the cause
    fail(messages::Summary::Outcome::DIVERGED,
         "the loss on the test samples is not finite after epoch " + std::to_string(tested.epoch), now, out);
  if (tested.last)
    last_snapshot_missing_ = false;
  if (snapshot_wanted_)
    take_snapshot(now, out);
  finish_if_complete(out);
  return out;
}

effects coordinator_core::handle(const evaluation_failed& failure, double now) {
  effects out;
  testing_.reset();
  give_up_snapshot();
  fail(messages::Summary::Outcome::FAILED, "the parameters cannot be tested: " + failure.sentence, now, out);
  finish_if_complete(out);
  return out;
}

void coordinator_core::give_up_snapshot() {
  if (std::exchange(gathering_, std::nullopt))
    testing_.reset();
  snapshot_wanted_ = false;
  last_snapshot_missing_ = false;
}

// -- failures --------------------------------------------------------------------------------------------------------

effects coordinator_core::handle(const message<messages::MemberFailed>& failure, double now) {
  return guarded(now, [this, &failure, now](effects& out) {
    auto view = failure.read();
    if (view->getRole() == messages::MemberFailed::Role::WORKER) {
      dismiss(view->getIndex(), view->getEpoch(), out);
      if (!members_.counts(view->getIndex(), view->getEpoch()))
        return; // said before
      members_.remove(view->getIndex());
      change_members(now, out);
    }
    auto diverged = view->getCause() == messages::MemberFailed::Cause::DIVERGED;
    fail(diverged ? messages::Summary::Outcome::DIVERGED : messages::Summary::Outcome::FAILED,
         view->getSentence().cStr(), now, out);
  });
}

effects coordinator_core::handle(const member_down& down, double now) {
  effects out;
  if (down.who.kind == address::role::worker) {
    if (!members_.remove(down.who.index))
      return out;
    change_members(now, out);
  } else {
    if (shards_.erase(down.who.index) == 0)
      return out;
    reports_missing_.erase(down.who.index);
    // Its blocks are gone with it.
    give_up_snapshot();
  }
  fail(messages::Summary::Outcome::FAILED, to_string(down.who) + " died: " + down.reason, now, out);
  finish_if_complete(out);
  return out;
}

void coordinator_core::fail(messages::Summary::Outcome outcome, const std::string& sentence, double now, effects& out) {
  if (stage_ == stage::finished)
    return;
  // The first cause is what people need; what follows from it is not.
  if (outcome_ == messages::Summary::Outcome::COMPLETED || outcome_ == messages::Summary::Outcome::STOPPED) {
    outcome_ = outcome;
    sentence_ = sentence;
  }
  if (outcome_ == messages::Summary::Outcome::DIVERGED)
    give_up_snapshot(); // what the shards hold now is not good
  if (stage_ == stage::closing) {
    // Whoever failed may be one that the end waits for.
    out.emplace_back(set_timer{closing_timer, closing_deadline_seconds});
    return;
  }
  tell_workers_to_stop(out);
  close(now, out);
}

effects coordinator_core::handle(const timer_fired& timer, double now) {
  effects out;
  if (timer.id == closing_timer && stage_ == stage::closing) {
    give_up_snapshot();
    testing_.reset();
    reports_missing_.clear();
    finish_if_complete(out);
  } else if (timer.id == stall_timer && stage_ == stage::training) {
    look_for_stall(now, out);
  } else if (timer.id == tick_timer && stage_ != stage::finished) {
    out.emplace_back(set_timer{tick_timer, tick_seconds});
    for (auto worker : members_.silent(now, plan_.job.read()->getSilenceSeconds()))
      lose_worker(worker, now, out);
    repeat_unanswered(now, out);
  }
  return out;
}

void coordinator_core::look_for_stall(double now, effects& out) {
  auto activity = meter_.clock_sum();
  for (const auto& [shard, report] : reports_)
    activity += report.read()->getVersion();
  quiet_looks_ = activity == activity_seen_ ? quiet_looks_ + 1 : 0;
  activity_seen_ = activity;
  auto seconds = plan_.job.read()->getStallSeconds();
  if (quiet_looks_ > quiet_looks_max) {
    fail(messages::Summary::Outcome::FAILED, describe_stall(seconds, reports_, reports_missing_, members_), now, out);
    return;
  }
  reports_missing_ = shards_;
  tell_shards(message_builder<messages::TakeReport>{}.finish(), out);
  out.emplace_back(set_timer{stall_timer, seconds / quiet_looks_max});
}

// -- the end ---------------------------------------------------------------------------------------------------------

void coordinator_core::close(double now, effects& out) {
  stage_ = stage::closing;
  training_seconds_ = now;
  reports_missing_ = shards_;
  report_repeat_ = {now, answer_wait_seconds};
  tell_shards(message_builder<messages::TakeReport>{}.finish(), out);
  auto all_shards_live = shards_.size() == plan_.job.read()->getShards();
  if (outcome_ != messages::Summary::Outcome::DIVERGED && all_shards_live) {
    last_snapshot_missing_ = true;
    snapshot_wanted_ = true;
    take_snapshot(now, out);
  }
  if (outcome_ == messages::Summary::Outcome::FAILED || outcome_ == messages::Summary::Outcome::DIVERGED)
    out.emplace_back(set_timer{closing_timer, closing_deadline_seconds});
  finish_if_complete(out);
}

effects coordinator_core::handle(const message<messages::ShardReport>& report, double now) {
  return guarded(now, [this, &report](effects& out) {
    auto view = report.read();
    auto shard = view->getShard();
    if (shard >= plan_.job.read()->getShards())
      throw protocol_error("shard " + std::to_string(shard) + " of " + std::to_string(plan_.job.read()->getShards()) +
                           " sent a report");
    reports_[shard] = checked_copy(*view);
    reports_missing_.erase(shard);
    finish_if_complete(out);
  });
}

void coordinator_core::finish_if_complete(effects& out) {
  if (stage_ != stage::closing || last_snapshot_missing_ || testing_ || !reports_missing_.empty())
    return;
  stage_ = stage::finished;
  std::optional<model_snapshot> parameters;
  if (last_good_)
    parameters = last_good_->parameters;
  out.emplace_back(finish_job{summary(), std::move(parameters)});
}

message<messages::Summary> coordinator_core::summary() const {
  message_builder<messages::Summary> result;
  result->setOutcome(outcome_);
  result->setSentence(sentence_);
  result->setSeconds(training_seconds_);
  result->setSamples(meter_.samples());
  result->setSamplesPerSecond(training_seconds_ > 0 ? static_cast<double>(meter_.samples()) / training_seconds_ : 0);
  result->setEpochs(epochs_completed_);
  constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();
  auto tested = last_good_ && last_good_->result;
  result->setTestLoss(tested ? last_good_->result->mean_loss() : unknown);
  result->setTestAccuracy(tested ? last_good_->result->accuracy() : unknown);
  result->setSavedEpoch(last_good_ ? last_good_->epoch : 0);
  if (auto bound = staleness_bound())
    result->getStaleness().setBound(*bound);
  else
    result->getStaleness().setUnbounded();
  auto shards = result->initShards(static_cast<unsigned>(reports_.size()));
  std::uint64_t pulled = 0;
  std::uint64_t pushed = 0;
  unsigned i = 0;
  for (const auto& [shard, report] : reports_) {
    auto view = report.read();
    shards.setWithCaveats(i++, *view);
    pulled += view->getBytesPulled();
    pushed += view->getBytesPushed();
  }
  result->setBytesPulled(pulled);
  result->setBytesPushed(pushed);
  result->setWorkersLost(static_cast<std::uint32_t>(lost_));
  result->setWorkersJoined(static_cast<std::uint32_t>(joined_));
  return result.finish();
}

} // namespace drover
