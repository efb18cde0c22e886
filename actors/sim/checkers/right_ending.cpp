#include "drover/actors/sim/checkers/right_ending.hpp"

#include "drover/actors/sim/checkers/true_stall.hpp"

#include <algorithm>
#include <string>

namespace drover::sim {

void right_ending::on_deliver(nanoseconds, const address&, const protocol_message& what) {
  if (const auto* left = std::get_if<message<messages::WorkerLeft>>(&what))
    steps_done_ = std::max(steps_done_, left->read()->getClock());
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
  auto closed = from_seconds(summary->getSeconds());
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
}

} // namespace drover::sim
