#include "drover/actors/core/worker_core.hpp"

#include "drover/actors/core/block_list.hpp"
#include "drover/actors/core/consistency.hpp"
#include "drover/actors/core/protocol_error.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace drover {

namespace {

// Progress is told so often an epoch: often enough for a bar that moves, seldom enough to cost nothing.
constexpr std::uint64_t reports_per_epoch = 20;

// How often a worker looks for what is not answered, and says that it lives.
constexpr double tick_seconds = 1;
constexpr std::uint32_t tick_timer = 1;

constexpr address coordinator{address::role::coordinator, 0};

} // namespace

worker_core::worker_core(const message<messages::StartWorker>& assignment,
                         std::shared_ptr<const parameter_layout> layout)
    : index_(assignment.read()->getWorker()), layout_(std::move(layout)),
      applied_after_(layout_->flat_size() * sizeof(float)) {
  adopt(*assignment.read());
}

worker_core::worker_core(std::uint32_t index, std::uint64_t life, std::shared_ptr<const parameter_layout> layout)
    : index_(index), life_(life), layout_(std::move(layout)), applied_after_(layout_->flat_size() * sizeof(float)) {}

// -- joining ---------------------------------------------------------------------------------------------------------

void worker_core::adopt(messages::StartWorker::Reader assignment) {
  std::vector<shard_record> shards;
  auto places = assignment.getShardOfBlock();
  if (places.size() != layout_->blocks().size())
    throw protocol_error("the coordinator placed " + std::to_string(places.size()) + " blocks of a model that has " +
                         std::to_string(layout_->blocks().size()));
  for (std::uint32_t block = 0; block < places.size(); ++block) {
    if (places[block] >= places.size())
      throw protocol_error("the coordinator placed block " + std::to_string(block) + " on shard " +
                           std::to_string(places[block]) + ": there are fewer shards than blocks");
    if (places[block] >= shards.size())
      shards.resize(places[block] + 1);
    shards[places[block]].blocks.push_back(block);
  }
  shards.resize(shards_with_rows(assignment.getJob(), shards.size()));
  shards_ = std::move(shards);
  epoch_ = assignment.getEpoch();
  clock_ = assignment.getStepFirst();
  steps_ = assignment.getSteps();
  steps_per_epoch_ = std::max<std::uint64_t>(1, assignment.getStepsPerEpoch());
  steps_per_report_ = std::max<std::uint64_t>(1, steps_per_epoch_ / reports_per_epoch);
  push_credits_ = assignment.getPushCredits();
  lease_ = {};
  lease_number_ = 0;
  auto job = assignment.getJob();
  workers_ = job.getWorkers();
  prefetch_ = job.getPrefetch();
  auto mode = consistency_mode::parse(job.getConsistency().cStr());
  in_place_ = make_consistency(mode)->in_place();
  if (mode.family == consistency_mode::kind::dsgd)
    strata_.emplace(job.getWorkers(), job.getSeed());
  // A step is a visit of columns, and in an epoch all of them come once.
  if (mode.family == consistency_mode::kind::nomad)
    columns_.emplace(index_, column_routes{.workers = job.getWorkers(),
                                           .columns = static_cast<std::uint32_t>(steps_per_epoch_),
                                           .rounds = steps_ / steps_per_epoch_,
                                           .seed = job.getSeed()});
  pulls_.clear();
  unsent_.reset();
  sums_ = {};
  updates_ = staleness_sum_ = staleness_max_ = 0;
  doing_ = activity::pulling;
}

effects worker_core::start(double now) {
  return guarded(now, [this](effects& out) {
    out.emplace_back(set_timer{tick_timer, tick_seconds});
    if (doing_ == activity::joining)
      return ask_to_join(out);
    if (wants_more())
      request_parameters(clock_, out);
    else
      doing_ = activity::draining;
    leave_if_drained(out);
  });
}

effects worker_core::handle(const message<messages::StartWorker>& assignment, double now) {
  return guarded(now, [this, &assignment](effects& out) {
    auto view = assignment.read();
    if (doing_ != activity::joining || view->getEpoch() <= epoch_ || view->getLife() != life_)
      return; // a repetition, or meant for another life
    adopt(*assignment.read());
    stopping_ = false;
    if (wants_more())
      request_parameters(clock_, out);
    else
      doing_ = activity::draining;
    leave_if_drained(out);
  });
}

effects worker_core::handle(const message<messages::Dismiss>& dismissal, double now) {
  return guarded(now, [this, &dismissal](effects& out) {
    auto joining = doing_ == activity::joining;
    if (dismissal.read()->getEpoch() != (joining ? 0 : epoch_))
      return; // meant an earlier life
    if (doing_ == activity::leaving && !dismissal.read()->getFarewell())
      return; // answers what it said before, and the farewell may be lost
    if (joining || doing_ == activity::leaving || stopping_) {
      doing_ = activity::left;
      out.emplace_back(leave{});
      return;
    }
    // It was taken for dead. What it computes and what is open counts for nothing any more.
    ++life_;
    doing_ = activity::joining;
    pulls_.clear();
    unsent_.reset();
    for (auto& shard : shards_)
      shard.open.clear();
    ask_to_join(out);
  });
}

// -- time ------------------------------------------------------------------------------------------------------------

effects worker_core::handle(const timer_fired& timer, double now) {
  return guarded(now, [this, &timer](effects& out) {
    if (timer.id != tick_timer)
      return;
    out.emplace_back(set_timer{tick_timer, tick_seconds});
    if (doing_ == activity::joining)
      return ask_to_join(out);
    if (doing_ == activity::leaving) {
      out.emplace_back(send{coordinator, *farewell_});
      return;
    }
    repeat_unanswered(out);
    if (!std::exchange(reported_, false)) {
      report_progress(out);
      reported_ = false;
    }
  });
}

// -- what cannot go on -----------------------------------------------------------------------------------------------

template <class Handler>
effects worker_core::guarded(double now, Handler handler) {
  now_ = now;
  if (doing_ == activity::left)
    return {};
  try {
    effects out;
    handler(out);
    return out;
  } catch (const protocol_error& error) {
    return fail(messages::MemberFailed::Cause::PROTOCOL, std::string{"refused a message: "} + error.what());
  } catch (const std::invalid_argument& error) { // the job that an assignment is for
    return fail(messages::MemberFailed::Cause::PROTOCOL, std::string{"refused a message: "} + error.what());
  } catch (const kj::Exception& error) {
    return fail(messages::MemberFailed::Cause::PROTOCOL,
                std::string{"a message cannot be read: "} + error.getDescription().cStr());
  }
}

effects worker_core::handle(const computation_failed& failure, double now) {
  now_ = now;
  if (doing_ != activity::computing)
    return {};
  return fail(messages::MemberFailed::Cause::COMPUTATION, failure.sentence);
}

// -- pulling ---------------------------------------------------------------------------------------------------------

void worker_core::request_parameters(std::uint64_t clock, effects& out) {
  std::vector<message<messages::PullParameters>> requests;
  if (layout_->tables().empty()) {
    message_builder<messages::PullParameters> pull;
    pull->setWorker(index_);
    pull->setEpoch(epoch_);
    pull->setClock(clock);
    // One message for all shards: they share its memory.
    requests.assign(shards_.size(), pull.finish());
    for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
      out.emplace_back(send{{address::role::shard, shard}, requests[shard]});
  } else {
    out.emplace_back(list_rows{clock, lease_});
  }
  pulls_.push_back({.clock = clock,
                    .answers = std::vector<message<messages::ParametersPulled>>(shards_.size()),
                    .versions = std::vector<std::uint64_t>(shards_.size()),
                    .blocks = std::vector<const float*>(layout_->blocks().size()),
                    .missing = shards_.size(),
                    .sent = now_,
                    .requests = std::move(requests),
                    .repeat = {now_, applied_after_.wait()},
                    .lease = lease_});
}

effects worker_core::handle(const message<messages::ParametersPulled>& answer, double now) {
  return guarded(now, [this, &answer](effects& out) {
    auto view = answer.read();
    auto shard = view->getShard();
    if (view->getEpoch() != epoch_)
      return; // to an earlier life
    if (shard >= shards_.size())
      throw protocol_error("shard " + std::to_string(shard) + " of " + std::to_string(shards_.size()) +
                           " answered a pull");
    auto pull = std::ranges::find(pulls_, view->getClock(), &gathered_pull::clock);
    if (pull == pulls_.end() || pull->requests.empty() || !pull->answers[shard].empty())
      return; // the answer to a resend
    std::span<const std::uint32_t> expected{shards_[shard].blocks};
    auto blocks = check_blocks(view->getBlocks(), *layout_, in_place_ ? expected.first(0) : expected,
                               "shard " + std::to_string(shard));
    for (std::size_t i = 0; i < blocks.size(); ++i)
      pull->blocks[expected[i]] = blocks[i];
    check_answered_rows(*view, *pull);
    pull->answers[shard] = answer;
    pull->versions[shard] = view->getVersion();
    --pull->missing;
    compute_if_ready(out);
  });
}

// -- computing -------------------------------------------------------------------------------------------------------

void worker_core::compute_if_ready(effects& out) {
  if (doing_ != activity::pulling || pulls_.empty() || pulls_.front().missing != 0 || (columns_ && columns_->empty()))
    return;
  doing_ = activity::computing;
  auto pull = std::move(pulls_.front());
  pulls_.pop_front();
  versions_ = std::move(pull.versions);
  std::vector<std::shared_ptr<const void>> owners;
  for (const auto& answer : pull.answers)
    owners.push_back(answer.shared_segments());
  auto rows = gather_rows(pull);
  keys_ = std::move(pull.keys);
  keys_of_ = std::move(pull.keys_of);
  out.emplace_back(compute_gradient{clock_,
                                    {layout_, std::move(pull.blocks), std::move(owners)},
                                    std::move(rows),
                                    next_block(),
                                    std::move(pull.lease)});
  if (prefetch_ && !stopping_ && clock_ + 1 < steps_)
    request_parameters(clock_ + 1, out);
}

effects worker_core::handle(const message<messages::LeaseSlices>& lease, double now) {
  return guarded(now, [this, &lease](effects&) { adopt(*lease.read()); });
}

effects worker_core::handle(const message<messages::PassColumns>& pass, double now) {
  return guarded(now, [this, &pass](effects& out) {
    if (!columns_ || doing_ == activity::leaving)
      return;
    columns_->arrive({pass.read()->getColumns(), pass.read()->getVisit()});
    compute_if_ready(out);
  });
}

effects worker_core::handle(const gradient_computed& computed, double now) {
  now_ = now;
  if (doing_ != activity::computing || computed.clock != clock_)
    return {}; // of a life that ended while it was computed
  if (!std::isfinite(computed.result.loss_sum) || !std::isfinite(computed.norm))
    return fail(messages::MemberFailed::Cause::DIVERGED, std::isfinite(computed.result.loss_sum)
                                                             ? "the gradient is not finite"
                                                             : std::string{"the loss is not finite ("} +
                                                                   // The sign of a NaN says nothing.
                                                                   (std::isnan(computed.result.loss_sum) ? "nan"
                                                                    : computed.result.loss_sum > 0       ? "inf"
                                                                                                         : "-inf") +
                                                                   ")");
  return guarded(now, [this, &computed](effects& out) {
    sums_ += computed.result;
    unsent_ = computed;
    doing_ = activity::pushing;
    push_if_credits(out);
  });
}

// -- pushing ---------------------------------------------------------------------------------------------------------

void worker_core::push_if_credits(effects& out) {
  auto has_credit = [this](const shard_record& shard) { return shard.open.size() < push_credits_; };
  if (doing_ != activity::pushing || !std::ranges::all_of(shards_, has_credit))
    return;
  auto rows = split(*unsent_);
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    push_to(shard, *unsent_, columns_ ? columns_->at_work().visit : versions_[shard], rows[shard], out);
  unsent_.reset();
  if (columns_)
    columns_->end(shards_.front().sequence); // every push goes to every shard
  ++clock_;
  if (wants_more()) {
    doing_ = activity::pulling;
    if (pulls_.empty())
      request_parameters(clock_, out);
    if (clock_ % steps_per_report_ == 0 || clock_ % steps_per_epoch_ == 0)
      report_progress(out);
    compute_if_ready(out);
  } else {
    doing_ = activity::draining;
    leave_if_drained(out);
  }
}

void worker_core::push_to(std::uint32_t shard, const gradient_computed& computed, std::uint64_t version,
                          const std::vector<shared_bulk>& rows, effects& out) {
  auto& record = shards_[shard];
  message_builder<messages::PushGradient> push;
  push->setWorker(index_);
  push->setEpoch(epoch_);
  push->setSequence(++record.sequence);
  push->setClock(clock_);
  push->setVersion(version);
  if (shard == 0) {
    push->setUpdatesWatched(computed.watched);
    push->setUpdatesLost(computed.lost);
  }
  if (columns_)
    push->setColumns(columns_->at_work().columns);
  auto sent = in_place_ ? 0u : static_cast<unsigned>(record.blocks.size());
  auto blocks = push->initBlocks(sent);
  for (unsigned i = 0; i < sent; ++i) {
    const auto& where = layout_->blocks()[record.blocks[i]];
    blocks[i].setIndex(record.blocks[i]);
    blocks[i].adoptValues(push.refer(computed.gradient->values().subspan(where.offset, where.size), computed.gradient));
  }
  std::vector<signed_keys> keys;
  if (!keys_of_.empty())
    keys = keys_of_[shard];
  // The shard has answered with their rows: it knows them.
  put_keys(std::span<const signed_keys>{keys}, signatures_of(keys), push);
  put_rows(std::span{rows}, push);
  if (record.open.empty())
    record.repeat = {now_, applied_after_.wait()};
  record.open.push_back({record.sequence, push.finish(), now_, std::move(keys)});
  out.emplace_back(send{{address::role::shard, shard}, record.open.back().what});
}

effects worker_core::handle(const message<messages::GradientApplied>& acknowledgement, double now) {
  return guarded(now, [this, &acknowledgement](effects& out) {
    auto view = acknowledgement.read();
    auto shard = view->getShard();
    if (view->getEpoch() != epoch_)
      return; // to an earlier life
    if (shard >= shards_.size() || view->getSequence() > shards_[shard].sequence)
      throw protocol_error("shard " + std::to_string(shard) + " acknowledged push " +
                           std::to_string(view->getSequence()) + ", which was not sent");
    auto& record = shards_[shard];
    if (record.open.empty() || view->getSequence() < record.open.front().sequence)
      return; // of a resend
    if (const auto& push = record.open.front(); !push.is_repeated)
      applied_after_.observe(now_ - push.sent);
    while (!record.open.empty() && record.open.front().sequence <= view->getSequence())
      record.open.pop_front();
    record.repeat = {now_, applied_after_.wait()};
    ++updates_;
    staleness_sum_ += view->getStalenessSteps();
    staleness_max_ = std::max(staleness_max_, view->getStalenessSteps());
    pass_columns(out);
    push_if_credits(out);
    leave_if_drained(out);
  });
}

// -- leaving ---------------------------------------------------------------------------------------------------------

effects worker_core::handle(const message<messages::StopTraining>&, double now) {
  return guarded(now, [this](effects& out) {
    stopping_ = true;
    if (doing_ == activity::pulling)
      doing_ = activity::draining;
    leave_if_drained(out);
  });
}

} // namespace drover
