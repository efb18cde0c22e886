#include "drover/actors/sim/checkers/right_ending.hpp"

#include "drover/actors/sim/checkers/true_stall.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace drover::sim {

namespace {

// For so long the end of a job waits for the place of one who is lost.
constexpr double place_wait_seconds = 30;

/// When the coordinator gave up the worker's place last; nothing where it never did.
std::optional<double> lost_at(std::uint32_t worker, messages::Summary::Reader summary) {
  auto who = to_string(worker_address(worker));
  std::optional<double> result;
  for (auto one : summary.getHappenings()) {
    std::string_view sentence = one.getSentence().cStr();
    if (sentence.starts_with(who + " is lost") || sentence.starts_with(who + " moves"))
      result = one.getSeconds();
  }
  return result;
}

} // namespace

void right_ending::on_deliver(nanoseconds, const address&, const protocol_message& what) {
  const auto* left = std::get_if<message<messages::WorkerLeft>>(&what);
  if (left == nullptr)
    return;
  auto view = left->read();
  steps_done_ = std::max(steps_done_, view->getClock());
  auto& who = workers_.at(view->getWorker());
  who.is_done = who.is_done || view->getClock() >= steps_;
}

void right_ending::on_start(nanoseconds now, const address& who) {
  if (who.kind == address::role::coordinator)
    return begin(now);
  auto& one = workers_.at(who.index);
  one.is_replaced = std::exchange(one.is_begun, true);
}

void right_ending::begin(nanoseconds now) {
  begun_ = now;
  told_.reset();
  if (stop_ && *stop_ < now)
    stop_.reset();
  for (auto& one : workers_)
    one = {.is_done = one.is_done};
}

void right_ending::on_crash(nanoseconds, const address& who) {
  if (who.kind == address::role::worker && workers_.at(who.index).is_replaced)
    workers_[who.index].is_lost_again = true;
}

void right_ending::on_stop(nanoseconds now) {
  told_ = now;
}

void right_ending::on_end(nanoseconds now, const finish_job& result) {
  using outcome = messages::Summary::Outcome;
  auto summary = result.summary.read();
  std::string sentence = summary->getSentence().cStr();
  auto how = summary->getOutcome();
  if (how == outcome::FAILED && may_stall_ && says_stall(sentence))
    return;
  if (how == outcome::FAILED || how == outcome::DIVERGED)
    says_stall(sentence) ? throw no_progress("right ending", now, "the job ended early: " + sentence)
                         : throw violation("right ending", now, "the job ended early: " + sentence);

  auto fail = [&](const std::string& why) {
    throw violation("right ending", now, (how == outcome::STOPPED ? "the job was stopped" : "the job completed") + why);
  };
  auto closed = begun_ + from_seconds(summary->getSeconds());
  if (how == outcome::STOPPED && !told_)
    fail(", and nobody asked for it");
  // On a paused machine the coordinator is told later than it is asked.
  auto heard = told_ ? told_ : stop_;
  if (how == outcome::COMPLETED && heard && *heard < closed)
    fail(" although it was asked to stop before");
  if (how == outcome::COMPLETED && steps_done_ < steps_)
    fail(", and no worker has done all of the " + std::to_string(steps_) + " steps");
  for (const auto& [shard, death] : shard_deaths_)
    if (death < closed)
      fail(" although shard " + std::to_string(shard) + " was dead");
  if (how == outcome::COMPLETED && replaces_)
    check_left_out(now, *summary);
}

void right_ending::check_left_out(nanoseconds now, messages::Summary::Reader summary) const {
  for (std::uint32_t worker = 0; worker < workers_.size(); ++worker) {
    const auto& one = workers_[worker];
    if (one.is_done)
      continue;
    auto fail = [&](const std::string& why) {
      throw violation("right ending", now,
                      "the job completed without all steps of " + to_string(worker_address(worker)) + ", " + why);
    };
    auto lost = lost_at(worker, summary);
    if (!lost)
      fail("which was never lost");
    if (summary.getSeconds() < *lost + place_wait_seconds)
      fail("lost at " + std::to_string(*lost) + " s");
    if (finds_places_ && !one.is_lost_again)
      fail("although there were places for it");
  }
}

} // namespace drover::sim
