#include "drover/actors/core/worker_core.hpp"

#include "drover/actors/core/block_list.hpp"
#include "drover/actors/core/protocol_error.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <cmath>

namespace drover {

namespace {

// Progress is told so often an epoch: often enough for a bar that moves, seldom enough to cost nothing.
constexpr std::uint64_t reports_per_epoch = 20;

constexpr address coordinator{address::role::coordinator, 0};

} // namespace

worker_core::worker_core(const message<messages::StartWorker>& assignment,
                         std::shared_ptr<const parameter_layout> layout)
    : index_(assignment.read()->getWorker()), layout_(std::move(layout)), epoch_(assignment.read()->getEpoch()),
      clock_(assignment.read()->getStepFirst()), steps_(assignment.read()->getSteps()),
      steps_per_epoch_(std::max<std::uint64_t>(1, assignment.read()->getStepsPerEpoch())),
      steps_per_report_(std::max<std::uint64_t>(1, steps_per_epoch_ / reports_per_epoch)),
      push_credits_(assignment.read()->getPushCredits()), prefetch_(assignment.read()->getJob().getPrefetch()) {
  auto view = assignment.read();
  auto places = view->getShardOfBlock();
  if (places.size() != layout_->blocks().size())
    throw protocol_error("the coordinator placed " + std::to_string(places.size()) + " blocks of a model that has " +
                         std::to_string(layout_->blocks().size()));
  for (std::uint32_t block = 0; block < places.size(); ++block) {
    if (places[block] >= places.size())
      throw protocol_error("the coordinator placed block " + std::to_string(block) + " on shard " +
                           std::to_string(places[block]) + ": there are fewer shards than blocks");
    if (places[block] >= shards_.size())
      shards_.resize(places[block] + 1);
    shards_[places[block]].blocks.push_back(block);
  }
}

template <class Handler>
effects worker_core::guarded(Handler handler) {
  if (doing_ == activity::left)
    return {};
  try {
    effects out;
    handler(out);
    return out;
  } catch (const protocol_error& error) {
    return fail(messages::MemberFailed::Cause::PROTOCOL, std::string{"refused a message: "} + error.what());
  } catch (const kj::Exception& error) {
    return fail(messages::MemberFailed::Cause::PROTOCOL,
                std::string{"a message cannot be read: "} + error.getDescription().cStr());
  }
}

effects worker_core::fail(messages::MemberFailed::Cause cause, const std::string& sentence) {
  doing_ = activity::left;
  message_builder<messages::MemberFailed> failure;
  failure->setRole(messages::MemberFailed::Role::WORKER);
  failure->setIndex(index_);
  failure->setClock(clock_);
  failure->setCause(cause);
  failure->setSentence("worker " + std::to_string(index_) + " at step " + std::to_string(clock_) + ": " + sentence);
  effects out;
  out.emplace_back(send{coordinator, failure.finish()});
  out.emplace_back(leave{});
  return out;
}

effects worker_core::handle(const computation_failed& failure) {
  if (doing_ == activity::left)
    return {};
  return fail(messages::MemberFailed::Cause::COMPUTATION, failure.sentence);
}

effects worker_core::start() {
  return guarded([this](effects& out) {
    if (wants_more())
      request_parameters(clock_, out);
    else
      doing_ = activity::draining;
    leave_if_drained(out);
  });
}

// -- pulling ---------------------------------------------------------------------------------------------------------

void worker_core::request_parameters(std::uint64_t clock, effects& out) {
  pulls_.push_back({.clock = clock,
                    .answers = std::vector<message<messages::ParametersPulled>>(shards_.size()),
                    .versions = std::vector<std::uint64_t>(shards_.size()),
                    .blocks = std::vector<const float*>(layout_->blocks().size()),
                    .missing = shards_.size()});
  message_builder<messages::PullParameters> pull;
  pull->setWorker(index_);
  pull->setEpoch(epoch_);
  pull->setClock(clock);
  // One message for all shards: they share its memory.
  auto request = pull.finish();
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    out.emplace_back(send{{address::role::shard, shard}, request});
}

effects worker_core::handle(const message<messages::ParametersPulled>& answer) {
  return guarded([this, &answer](effects& out) {
    auto view = answer.read();
    auto shard = view->getShard();
    if (shard >= shards_.size())
      throw protocol_error("shard " + std::to_string(shard) + " of " + std::to_string(shards_.size()) +
                           " answered a pull");
    auto pull = std::ranges::find(pulls_, view->getClock(), &gathered_pull::clock);
    if (pull == pulls_.end() || !pull->answers[shard].empty())
      return; // the answer to a resend
    auto blocks = check_blocks(view->getBlocks(), *layout_, shards_[shard].blocks, "shard " + std::to_string(shard));
    for (std::size_t i = 0; i < blocks.size(); ++i)
      pull->blocks[shards_[shard].blocks[i]] = blocks[i];
    pull->answers[shard] = answer;
    pull->versions[shard] = view->getVersion();
    --pull->missing;
    compute_if_ready(out);
  });
}

// -- computing -------------------------------------------------------------------------------------------------------

void worker_core::compute_if_ready(effects& out) {
  if (doing_ != activity::pulling || pulls_.empty() || pulls_.front().missing != 0)
    return;
  doing_ = activity::computing;
  auto pull = std::move(pulls_.front());
  pulls_.pop_front();
  versions_ = std::move(pull.versions);
  std::vector<std::shared_ptr<const void>> owners;
  for (const auto& answer : pull.answers)
    owners.push_back(answer.shared_segments());
  out.emplace_back(compute_gradient{clock_, {layout_, std::move(pull.blocks), std::move(owners)}});
  if (prefetch_ && !stopping_ && clock_ + 1 < steps_)
    request_parameters(clock_ + 1, out);
}

effects worker_core::handle(const gradient_computed& computed) {
  if (doing_ == activity::computing && (!std::isfinite(computed.result.loss_sum) || !std::isfinite(computed.norm)))
    return fail(messages::MemberFailed::Cause::DIVERGED, std::isfinite(computed.result.loss_sum)
                                                             ? "the gradient is not finite"
                                                             : std::string{"the loss is not finite ("} +
                                                                   // The sign of a NaN says nothing.
                                                                   (std::isnan(computed.result.loss_sum) ? "nan"
                                                                    : computed.result.loss_sum > 0       ? "inf"
                                                                                                         : "-inf") +
                                                                   ")");
  return guarded([this, &computed](effects& out) {
    sums_ += computed.result;
    unsent_ = computed;
    doing_ = activity::pushing;
    push_if_credits(out);
  });
}

// -- pushing ---------------------------------------------------------------------------------------------------------

void worker_core::push_if_credits(effects& out) {
  auto has_credit = [this](const shard_record& shard) { return shard.sequence - shard.acknowledged < push_credits_; };
  if (doing_ != activity::pushing || !std::ranges::all_of(shards_, has_credit))
    return;
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard)
    push_to(shard, *unsent_, versions_[shard], out);
  unsent_.reset();
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

void worker_core::push_to(std::uint32_t shard, const gradient_computed& computed, std::uint64_t version, effects& out) {
  auto& record = shards_[shard];
  message_builder<messages::PushGradient> push;
  push->setWorker(index_);
  push->setEpoch(epoch_);
  push->setSequence(++record.sequence);
  push->setClock(clock_);
  push->setVersion(version);
  auto blocks = push->initBlocks(static_cast<unsigned>(record.blocks.size()));
  for (unsigned i = 0; i < record.blocks.size(); ++i) {
    const auto& where = layout_->blocks()[record.blocks[i]];
    blocks[i].setIndex(record.blocks[i]);
    blocks[i].adoptValues(push.refer(computed.gradient->values().subspan(where.offset, where.size), computed.gradient));
  }
  out.emplace_back(send{{address::role::shard, shard}, push.finish()});
}

effects worker_core::handle(const message<messages::GradientApplied>& acknowledgement) {
  return guarded([this, &acknowledgement](effects& out) {
    auto view = acknowledgement.read();
    auto shard = view->getShard();
    if (shard >= shards_.size() || view->getSequence() > shards_[shard].sequence)
      throw protocol_error("shard " + std::to_string(shard) + " acknowledged push " +
                           std::to_string(view->getSequence()) + ", which was not sent");
    if (view->getSequence() <= shards_[shard].acknowledged)
      return; // of a resend
    shards_[shard].acknowledged = view->getSequence();
    ++updates_;
    staleness_sum_ += view->getStalenessSteps();
    staleness_max_ = std::max(staleness_max_, view->getStalenessSteps());
    push_if_credits(out);
    leave_if_drained(out);
  });
}

// -- leaving ---------------------------------------------------------------------------------------------------------

effects worker_core::handle(const message<messages::StopTraining>&) {
  return guarded([this](effects& out) {
    stopping_ = true;
    if (doing_ == activity::pulling)
      doing_ = activity::draining;
    leave_if_drained(out);
  });
}

void worker_core::leave_if_drained(effects& out) {
  auto drained = [](const shard_record& shard) { return shard.sequence == shard.acknowledged; };
  if (doing_ != activity::draining || !std::ranges::all_of(shards_, drained))
    return;
  doing_ = activity::left;
  report_progress(out);
  message_builder<messages::WorkerLeft> left;
  left->setWorker(index_);
  left->setClock(clock_);
  out.emplace_back(send{coordinator, left.finish()});
  out.emplace_back(leave{});
}

void worker_core::report_progress(effects& out) const {
  message_builder<messages::WorkerProgress> progress;
  progress->setWorker(index_);
  progress->setClock(clock_);
  progress->setSamples(sums_.samples);
  progress->setLossSum(sums_.loss_sum);
  progress->setCorrect(sums_.correct);
  progress->setUpdates(updates_);
  progress->setStalenessSum(staleness_sum_);
  progress->setStalenessMax(staleness_max_);
  out.emplace_back(send{coordinator, progress.finish()});
}

} // namespace drover
