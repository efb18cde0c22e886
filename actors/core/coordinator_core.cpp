#include "drover/actors/core/coordinator_core.hpp"

#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/job_summary.hpp"
#include "drover/actors/core/placement.hpp"
#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/stall_report.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace drover {

namespace {

constexpr double progress_interval_seconds = 0.2;

constexpr std::uint32_t stall_timer = 1;
constexpr std::uint32_t tick_timer = 0; // looks for who is silent, and repeats what is not answered
// Closing timers count from here.
constexpr std::uint32_t closing_timers = 1000;
// A stall is nothing new in so many looks in a row, each half of the job's stallSeconds after the last.
constexpr int quiet_looks_max = 2;

} // namespace

coordinator_core::coordinator_core(training_plan plan, bool replaces_workers)
    : plan_(std::move(plan)), members_(plan_.job.read()->getWorkers(), plan_.job.read()->getShards()),
      finds_places_(replaces_workers), one_thread_(takes_turns(*plan_.job.read())),
      meter_(plan_.job.read()->getWorkers()), closing_timer_(closing_timers) {
  for (std::uint32_t shard = 0; shard < plan_.job.read()->getShards(); ++shard)
    shards_.insert(shard);
}

// -- beginning -------------------------------------------------------------------------------------------------------

effects coordinator_core::start(double now) {
  effects out;
  members_.look(now);
  for (auto shard : shards_)
    out.emplace_back(
        spawn_shard{shard, assign_shard(plan_, members_, shard), one_thread_ || updates_long(plan_.bytes_of(shard))});
  // The initial parameters are the first that can be fallen back on.
  take_snapshot(now, out);
  for (const auto& [worker, ignored] : members_.members()) {
    members_.hear(worker, now);
    out.emplace_back(spawn_worker{worker, assign_worker(plan_, members_, worker), one_thread_, passes_columns(plan_)});
  }
  set_first_timers(out);
  return out;
}

effects coordinator_core::resume(double now) {
  effects out;
  resumed_ = taking_over_ = true;
  one_thread_ = false; // its worker is gone, and begins elsewhere
  reports_missing_ = shards_;
  report_repeat_ = {now, answer_wait_seconds};
  tell_shards(message_builder<messages::TakeReport>{}.finish(), out);
  set_first_timers(out);
  return out;
}

void coordinator_core::set_first_timers(effects& out) const {
  out.emplace_back(set_timer{stall_timer, plan_.job.read()->getStallSeconds() / quiet_looks_max});
  out.emplace_back(set_timer{tick_timer, membership::look_seconds});
}

effects coordinator_core::guarded(double now, const std::function<void(effects&)>& handler) {
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
    if (view->getWorker() < plan_.job.read()->getWorkers()) {
      members_.hear(view->getWorker(), now);
      if (slow_.erase(view->getWorker()) > 0)
        note(now, to_string(worker_address(view->getWorker())) + " is heard of again");
    }
    if (!members_.counts(view->getWorker(), view->getEpoch()))
      return dismiss(view->getWorker(), view->getEpoch(), out);
    if (view->getLease() < leases_.number()) // it did not hear so
      out.emplace_back(send{worker_address(view->getWorker()), leases_.lease_of(view->getWorker(), members_)});
    meter_.take(*view);
    auto completed = static_cast<std::uint32_t>(meter_.clock_min() / plan_.steps_per_epoch);
    if (completed > epochs_completed_) {
      epochs_completed_ = completed;
      trained_ = meter_.complete_epoch();
      // The last epoch's parameters are those that remain when every worker has left.
      if (stage_ == stage::training && completed < plan_.job.read()->getEpochs()) {
        snapshot_wanted_ = true;
        take_snapshot(now, out);
      }
    }
    if (stage_ == stage::training && meter_.since_last(now) >= progress_interval_seconds)
      report_progress(now, nullptr, out);
  });
}

effects coordinator_core::handle(const stop_requested&, double now) {
  effects out;
  if (stage_ != stage::training || stopping_)
    return out;
  stopping_ = true;
  outcome_ = messages::Summary::Outcome::STOPPED;
  sentence_ = "stopped on request";
  tell_workers_to_stop(out);
  close_if_left(now, out);
  return out;
}

void coordinator_core::tell_workers_to_stop(effects& out) const {
  auto request = message_builder<messages::StopTraining>{}.finish();
  for (const auto& [worker, ignored] : members_.members())
    out.emplace_back(send{worker_address(worker), request});
}

// -- snapshots -------------------------------------------------------------------------------------------------------

void coordinator_core::take_snapshot(double now, effects& out) {
  if (testing_)
    return; // wanted still: taken when the one under way is tested
  snapshot_wanted_ = false;
  testing_ = {.request = ++requests_,
              .epoch = epochs_completed_,
              .last = stage_ == stage::closing,
              .trained = trained_,
              .parameters = {},
              .result = {}};
  gathering_.emplace(plan_, requests_);
  // All parameters come.
  answer_time transfer{plan_.whole->flat_size() * sizeof(float)};
  snapshot_repeat_ = {now, std::max(answer_wait_seconds, transfer.wait())};
  message_builder<messages::TakeSnapshot> request;
  request->setRequest(requests_);
  tell_shards(request.finish(), out);
}

effects coordinator_core::handle(const message<messages::SnapshotTaken>& snapshot, double now) {
  return guarded(now, [this, &snapshot, now](effects& out) {
    heard_while_closing_ = true;
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
  if (last_good_ || resumed_) {
    out.emplace_back(evaluate_parameters{testing_->request, testing_->parameters});
    return;
  }
  // The initial parameters, which are known to be good: kept, not tested.
  last_good_ = std::exchange(testing_, std::nullopt);
  if (snapshot_wanted_)
    take_snapshot(now, out);
}

effects coordinator_core::handle(const evaluated& result, double now) {
  effects out;
  if (!testing_ || gathering_ || testing_->request != result.request)
    return out;
  heard_while_closing_ = true;
  auto tested = *std::exchange(testing_, std::nullopt);
  tested.result = result.result;
  if (!resumed_ || tested.trained.samples > 0) // otherwise it is what another coordinator left behind: no news
    report_progress(now, &tested, out);
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

effects coordinator_core::handle(const evaluation_progressed&, double) {
  heard_while_closing_ = true;
  return {};
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

effects coordinator_core::handle(const message<messages::ShardReport>& report, double now) {
  return guarded(now, [this, &report, now](effects& out) {
    heard_while_closing_ = true;
    auto view = report.read();
    auto shard = view->getShard();
    if (shard >= plan_.job.read()->getShards())
      throw protocol_error("shard " + std::to_string(shard) + " of " + std::to_string(plan_.job.read()->getShards()) +
                           " sent a report");
    reports_[shard] = checked_copy(*view);
    reports_missing_.erase(shard);
    if (taking_over_ && reports_missing_.empty() && stage_ == stage::training)
      take_over(now, out);
    finish_if_complete(out);
  });
}

// -- failures --------------------------------------------------------------------------------------------------------

effects coordinator_core::handle(const message<messages::MemberFailed>& failure, double now) {
  return guarded(now, [this, &failure, now](effects& out) {
    auto view = failure.read();
    if (view->getRole() == messages::MemberFailed::Role::WORKER) {
      dismiss(view->getIndex(), view->getEpoch(), out, true);
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
    auto homeless = homeless_.find(down.who.index);
    if (down.host_lost) {
      lose_worker(down.who.index, down.reason, now, out);
      if (homeless != homeless_.end() && std::isfinite(homeless->second.look_again))
        homeless->second.look_again = now; // it died before it spoke from its new place
      look_for_places(now, out);
      return out;
    }
    if (!members_.remove(down.who.index) && (homeless == homeless_.end() || !looks_for_places()))
      return out; // it was dismissed
    change_members(now, out);
  } else {
    if (shards_.erase(down.who.index) == 0)
      return out;
    moving_.erase(down.who.index);
    reports_missing_.erase(down.who.index);
    // Its blocks are gone with it.
    give_up_snapshot();
  }
  fail(messages::Summary::Outcome::FAILED, to_string(down.who) + " died: " + down.reason, now, out);
  finish_if_complete(out);
  return out;
}

void coordinator_core::blame(messages::Summary::Outcome outcome, const std::string& sentence) {
  if (failed())
    return;
  outcome_ = outcome;
  sentence_ = sentence;
}

void coordinator_core::fail(messages::Summary::Outcome outcome, const std::string& sentence, double now, effects& out) {
  if (stage_ == stage::finished)
    return;
  blame(outcome, sentence);
  if (outcome_ == messages::Summary::Outcome::DIVERGED)
    give_up_snapshot(); // what the shards hold now is not good
  if (stage_ == stage::closing) {
    // Whoever failed may be one that the end waits for.
    set_closing_timer(out);
    return;
  }
  tell_workers_to_stop(out);
  close(now, out);
}

effects coordinator_core::handle(const timer_fired& timer, double now) {
  effects out;
  if (timer.id == closing_timer_ && stage_ == stage::closing) {
    heard_while_closing_ || copies_shards() ? set_closing_timer(out) : give_up_closing(out);
  } else if (timer.id == stall_timer && stage_ == stage::training) {
    look_for_stall(now, out);
  } else if (timer.id == tick_timer && stage_ != stage::finished) {
    out.emplace_back(set_timer{tick_timer, membership::look_seconds});
    look_for_silent(now, out);
    look_for_places(now, out);
    close_if_left(now, out);
    repeat_unanswered(now, out);
  }
  return out;
}

void coordinator_core::look_for_stall(double now, effects& out) {
  members_.look(now);
  auto activity = meter_.clock_sum();
  for (const auto& [shard, report] : reports_)
    activity += report.read()->getVersion();
  quiet_looks_ = activity == activity_seen_ && !copies_shards() ? quiet_looks_ + 1 : 0;
  activity_seen_ = activity;
  auto seconds = plan_.job.read()->getStallSeconds();
  // Who has been silent for longest may have been given more time than the job has.
  if (quiet_looks_ > quiet_looks_max)
    for (auto worker : members_.silent_longer_than(silence_seconds(), now)) {
      lose_worker(worker, "nothing was heard of it", now, out);
      quiet_looks_ = 0;
    }
  if (stage_ != stage::training)
    return;
  if (quiet_looks_ > quiet_looks_max) {
    // A shard that takes turns with its worker in one thread is silent because the worker computes.
    auto silent = one_thread_ ? std::set<std::uint32_t>{} : reports_missing_;
    fail(messages::Summary::Outcome::FAILED, describe_stall(seconds, reports_, silent, members_, meter_), now, out);
    return;
  }
  reports_missing_ = shards_;
  tell_shards(message_builder<messages::TakeReport>{}.finish(), out);
  out.emplace_back(set_timer{stall_timer, seconds / quiet_looks_max});
}

} // namespace drover
