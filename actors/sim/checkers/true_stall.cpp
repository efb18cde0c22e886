#include "drover/actors/sim/checkers/true_stall.hpp"

#include "drover/actors/core/placement.hpp"

#include <algorithm>

namespace drover::sim {

namespace {

constexpr std::string_view no_step = "nothing progressed for ";
constexpr std::string_view no_answer = "nothing was heard for ";
constexpr std::string_view no_report = " not answer";

bool any_within(const std::vector<nanoseconds>& moments, nanoseconds from, nanoseconds until) {
  auto first = std::ranges::upper_bound(moments, from);
  return first != moments.end() && *first < until;
}

/// Whether a shard is in "shards 0, 2 do not answer".
bool names_silent(std::string_view sentence, std::uint32_t shard) {
  auto end = sentence.find(no_report);
  auto begin = sentence.rfind("shard", end);
  if (end == std::string_view::npos || begin == std::string_view::npos)
    return false;
  auto list = std::string{sentence.substr(begin, end - begin)};
  std::ranges::replace_if(
      list, [](char one) { return one < '0' || one > '9'; }, ' ');
  return (list + ' ').find(' ' + std::to_string(shard) + ' ') != std::string::npos;
}

} // namespace

bool says_stall(std::string_view sentence) {
  return sentence.starts_with(no_step) || sentence.find(no_answer) != std::string_view::npos;
}

true_stall::true_stall(const training_plan& plan)
    : limit_(from_seconds(plan.job.read()->getStallSeconds())), names_shards_(!takes_turns(*plan.job.read())),
      shards_(plan.job.read()->getShards()) {}

void true_stall::on_deliver(nanoseconds now, const address& to, const protocol_message& what) {
  if (to.kind != address::role::coordinator)
    return;
  if (const auto* told = std::get_if<message<messages::WorkerProgress>>(&what)) {
    auto view = told->read();
    told_ = {view->getWorker(), view->getClock()};
  } else if (const auto* report = std::get_if<message<messages::ShardReport>>(&what)) {
    auto view = report->read();
    auto& shard = shards_.at(view->getShard());
    if (view->getVersion() > shard.version)
      progressed_.push_back(now);
    shard.version = std::max(shard.version, view->getVersion());
    shard.reports.push_back(now);
    answered_.push_back(now);
  } else if (std::holds_alternative<message<messages::SnapshotTaken>>(what)) {
    answered_.push_back(now);
  }
}

// Who is dismissed tells of a life that counts no more.
void true_stall::on_send(nanoseconds, const address&, const address&, const protocol_message& what) {
  if (std::holds_alternative<message<messages::Dismiss>>(what))
    told_.reset();
}

void true_stall::on_handled(nanoseconds now, const address& who) {
  if (who.kind != address::role::coordinator || !told_)
    return;
  auto& clock = clocks_[told_->worker];
  if (told_->clock > clock)
    progressed_.push_back(now);
  clock = std::max(clock, told_->clock);
  told_.reset();
}

// What another was told is news to this one.
void true_stall::on_start(nanoseconds now, const address& who) {
  if (who.kind != address::role::coordinator)
    return;
  begun_ = now;
  told_.reset();
  clocks_.clear();
  std::ranges::fill(shards_, heard_shard{});
}

void true_stall::on_end(nanoseconds now, const finish_job& result) {
  auto summary = result.summary.read();
  std::string sentence = summary->getSentence().cStr();
  if (summary->getOutcome() != messages::Summary::Outcome::FAILED || !says_stall(sentence))
    return;
  // The training ended when the coordinator gave up, or went on to close and gave up now.
  auto closed = begun_ + from_seconds(summary->getSeconds());
  if (sentence.starts_with(no_step))
    check(now, sentence, progressed_, closed - limit_, closed, closed - limit_);
  else
    check(now, sentence, answered_, now - limit_, now, closed - 1);
}

void true_stall::check(nanoseconds now, const std::string& sentence, const moments& news, nanoseconds from,
                       nanoseconds until, nanoseconds asked) const {
  auto fail = [&](const std::string& why) { throw violation("true stall", now, why + ": " + sentence); };
  if (any_within(news, from, until))
    fail("the job ended too early, there was news");
  for (std::uint32_t shard = 0; names_shards_ && shard < shards_.size(); ++shard)
    if (!any_within(shards_[shard].reports, asked, until) && !names_silent(sentence, shard))
      fail("shard " + std::to_string(shard) + " was silent, and is not named");
}

} // namespace drover::sim
