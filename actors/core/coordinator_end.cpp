#include "drover/actors/core/coordinator_core.hpp"
#include "drover/actors/core/stall_report.hpp"

#include <utility>

// How a job ends: who is waited for, for how long, and what it hands over.

namespace drover {

namespace {

// After a failure, for reports and parameters of those who still live. Otherwise the job says how long.
constexpr double closing_deadline_seconds = 10;

} // namespace

void coordinator_core::close(double now, effects& out) {
  stage_ = stage::closing;
  training_seconds_ = now;
  reports_missing_ = shards_;
  reports_.clear(); // an old one does not say how it ended
  report_repeat_ = {now, answer_wait_seconds};
  tell_shards(message_builder<messages::TakeReport>{}.finish(), out);
  auto all_shards_live = shards_.size() == plan_.job.read()->getShards();
  if (outcome_ != messages::Summary::Outcome::DIVERGED && all_shards_live) {
    last_snapshot_missing_ = true;
    snapshot_wanted_ = true;
    take_snapshot(now, out);
  }
  set_closing_timer(out);
  finish_if_complete(out);
}

void coordinator_core::set_closing_timer(effects& out) {
  heard_while_closing_ = false;
  out.emplace_back(set_timer{++closing_timer_, closing_seconds()});
}

double coordinator_core::closing_seconds() const {
  return failed() ? closing_deadline_seconds : plan_.job.read()->getStallSeconds();
}

void coordinator_core::give_up_closing(effects& out) {
  auto silent = reports_missing_;
  if (gathering_)
    silent.merge(std::set{gathering_->missing()});
  blame(messages::Summary::Outcome::FAILED, describe_silence(closing_seconds(), silent, testing_ && !gathering_));
  give_up_snapshot();
  testing_.reset();
  reports_missing_.clear();
  finish_if_complete(out);
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
  return summarize({.outcome = outcome_,
                    .sentence = sentence_,
                    .seconds = training_seconds_,
                    .samples = meter_.samples(),
                    .epochs = epochs_completed_,
                    .saved_epoch = last_good_ ? last_good_->epoch : 0,
                    .workers_lost = lost_,
                    .workers_joined = joined_,
                    .workers_moved = moved_,
                    .happenings = happenings_,
                    .happenings_more = happenings_more_,
                    .test = last_good_ ? last_good_->result : std::nullopt,
                    .staleness_bound = staleness_bound(),
                    .shards = plan_.job.read()->getShards()},
                   reports_);
}

} // namespace drover
