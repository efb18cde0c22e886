#include "drover/actors/core/shard_core.hpp"

#include "drover/actors/core/block_list.hpp"
#include "drover/actors/core/protocol_error.hpp"

#include <kj/exception.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace drover {

namespace {

std::vector<std::uint32_t> block_indices(messages::HostShard::Reader assignment, const parameter_layout& layout) {
  std::vector<std::uint32_t> result;
  for (auto index : assignment.getBlocks()) {
    if (index >= layout.blocks().size() || (!result.empty() && index <= result.back()))
      throw protocol_error("the coordinator assigned block " + std::to_string(index) + " of a model that has " +
                           std::to_string(layout.blocks().size()) + ", or out of order");
    result.push_back(index);
  }
  return result;
}

} // namespace

shard_core::shard_core(const message<messages::HostShard>& assignment, std::shared_ptr<const parameter_layout> layout,
                       gpu::device& device)
    : index_(assignment.read()->getShard()), layout_(std::move(layout)),
      blocks_(block_indices(*assignment.read(), *layout_)),
      rules_(job_rules::of(assignment.read()->getJob(), assignment.read()->getStepsPerWorker(),
                           assignment.read()->getStepsPerEpoch())),
      push_credits_(assignment.read()->getJob().getPushCredits()),
      workers_of_job_(assignment.read()->getJob().getWorkers()),
      shards_of_job_(assignment.read()->getJob().getShards()),
      store_(*layout_, blocks_, assignment.read()->getJob().getSeed(), *rules_.rule, *rules_.compensate, device),
      rows_(layout_, assignment.read()->getJob(), *rules_.rule) {
  if (rules_.reads->by_columns())
    column_versions_.resize(assignment.read()->getStepsPerEpoch());
  adopt_members(assignment.read()->getMembership());
}

template <class Handler>
effects shard_core::guarded(Handler handler) {
  try {
    effects out;
    if (!frozen_)
      handler(out);
    return out;
  } catch (const protocol_error& error) {
    return fail(error.what());
  } catch (const kj::Exception& error) {
    return fail(std::string{"a message cannot be read: "} + error.getDescription().cStr());
  }
}

effects shard_core::fail(const std::string& sentence) const {
  message_builder<messages::MemberFailed> failure;
  failure->setRole(messages::MemberFailed::Role::SHARD);
  failure->setIndex(index_);
  failure->setClock(version_);
  failure->setCause(messages::MemberFailed::Cause::PROTOCOL);
  failure->setSentence("shard " + std::to_string(index_) + " refused a message: " + sentence);
  effects out;
  out.emplace_back(send{{address::role::coordinator, 0}, failure.finish()});
  return out;
}

// -- membership ------------------------------------------------------------------------------------------------------

effects shard_core::handle(const message<messages::ChangeMembership>& change) {
  return guarded([this, &change](effects& out) {
    auto view = change.read();
    if (view->getEpoch() < epoch_)
      return;
    if (view->getEpoch() > epoch_) {
      adopt_members(*view);
      apply_complete_windows(out);
      answer_parked(std::nullopt, out);
      // Each for itself: one that is refused does not take with it what others were promised.
      auto add = [&out](effects&& more) { std::ranges::move(more, std::back_inserter(out)); };
      for (const auto& push : held_pushes_.take())
        add(handle(push));
      for (const auto& pull : held_pulls_.take())
        add(handle(pull));
    }
    out.emplace_back(send{{address::role::coordinator, 0}, adopted()});
  });
}

// -- pulls -----------------------------------------------------------------------------------------------------------

effects shard_core::handle(const message<messages::PullParameters>& pull) {
  return guarded([this, &pull](effects& out) { take_pull(pull, out); });
}

void shard_core::take_pull(const message<messages::PullParameters>& pull, effects& out) {
  auto view = pull.read();
  if (view->getEpoch() > epoch_) {
    if (!held_pulls_.keep({view->getWorker(), view->getEpoch(), view->getClock()}, pull))
      throw protocol_error("too many pulls of an unknown membership epoch");
    return;
  }
  pull_request request{view->getWorker(), view->getClock()};
  auto completed = clocks_.of(request.worker);
  if (!completed || workers_[request.worker].joined != view->getEpoch() || request.clock < *completed)
    return; // it has left, this is of an earlier life, or a resend that came late
  // Its own pushes may be under way still, or lost, as many as it has credits for.
  if (request.clock > *completed + push_credits_ + 1)
    throw protocol_error("worker " + std::to_string(request.worker) + " pulls for step " +
                         std::to_string(request.clock) + " after " + std::to_string(*completed) + " completed steps");
  if (!take_keys(request, pull))
    return; // its keys were told in another place: all of them will come
  if (may_read(request))
    answer(request, out);
  else
    parked_.park(request);
}

bool shard_core::may_read(const pull_request& pull) const {
  auto own = clocks_.of(pull.worker).value_or(0) + (rules_.prefetch ? 1 : 0);
  return own >= pull.clock && rules_.reads->clock_needed(pull.clock) <= clocks_.min();
}

template <class T>
void shard_core::put(const std::vector<lent_block>& lent, message_builder<T>& into) const {
  auto blocks = into->initBlocks(static_cast<unsigned>(lent.size()));
  for (unsigned i = 0; i < lent.size(); ++i) {
    blocks[i].setIndex(store_.index(i));
    blocks[i].adoptValues(into.refer({lent[i].get(), store_.length(i)}, lent[i]));
  }
}

void shard_core::answer(const pull_request& pull, effects& out) {
  auto& record = workers_[pull.worker];
  auto keys = record.keys.at(pull.clock);
  if (keys.size() != layout_->key_spaces())
    return; // it did not wait for this, and has pushed for later steps
  message_builder<messages::ParametersPulled> answer;
  answer->setShard(index_);
  answer->setEpoch(record.joined);
  answer->setClock(pull.clock);
  answer->setClockMin(clocks_.min());
  auto before = std::ranges::find(record.backups, pull.clock, &backup::clock);
  auto repeated = before != record.backups.end();
  // A compensation needs what the worker computes from: who asks again is given the same again.
  answer->setVersion(repeated ? before->version : version_);
  auto lent = repeated ? before->blocks : lend_carried();
  put(lent, answer);
  put_rows(keys, answer);
  if (rules_.rows_alone) // who asks again may compute from the first answer
    record.rows_read.try_emplace(pull.clock, rows_pushes_);
  ++pulls_;
  bytes_pulled_ += carried_bytes(keys);
  if (rules_.compensate->needs_backup() && !repeated)
    record.backups.push_back({pull.clock, version_, std::move(lent)});
  out.emplace_back(send{{address::role::worker, pull.worker}, answer.finish()});
}

void shard_core::answer_parked(std::optional<std::uint32_t> pushed, effects& out) {
  auto allowed = [this](const pull_request& one) { return may_read(one); };
  auto slowest_moved = std::exchange(clock_min_answered_, clocks_.min()) != clocks_.min();
  for (const auto& pull : pushed && !slowest_moved ? parked_.release_of(*pushed, allowed) : parked_.release(allowed))
    answer(pull, out);
}

// -- pushes ----------------------------------------------------------------------------------------------------------

effects shard_core::handle(const message<messages::PushGradient>& push) {
  return guarded([this, &push](effects& out) { take_push(push, out); });
}

void shard_core::take_push(const message<messages::PushGradient>& push, effects& out) {
  auto view = push.read();
  if (view->getEpoch() > epoch_) {
    if (!held_pushes_.keep({view->getWorker(), view->getEpoch(), view->getSequence()}, push))
      throw protocol_error("too many pushes of an unknown membership epoch");
    return;
  }
  auto worker = view->getWorker();
  if (!clocks_.has(worker))
    return; // it has left: it counts no more
  if (view->getSequence() == 0)
    throw protocol_error("worker " + std::to_string(worker) + " sent push 0: pushes are counted from 1");
  auto& record = workers_[worker];
  if (record.joined != view->getEpoch())
    return; // of an earlier life
  if (view->getSequence() > record.accepted + 1 && view->getSequence() <= record.accepted + push_credits_)
    return; // the one before was lost or overtaken: both will come again
  if (view->getSequence() <= record.accepted) {
    ++record.repeated;
    if (view->getSequence() <= record.applied)
      out.emplace_back(send{{address::role::worker, worker}, record.last_acknowledgement});
    return;
  }
  auto accepted = check_push(push, record);
  if (!find_rows(accepted, record))
    return; // as with a pull
  // The last check, before anything changes.
  static_cast<void>(checked_staleness(accepted));
  record.accepted = accepted.sequence;
  record.keys.forget_before(accepted.clock);
  bytes_pushed_ += carried_bytes(accepted.keys);
  updates_watched_ += view->getUpdatesWatched();
  updates_lost_ += view->getUpdatesLost();
  if (rules_.reads->by_clock()) {
    auto clock = accepted.clock;
    if (rules_.rows_alone)
      apply_rows_alone(accepted, record);
    windows_[clock].push_back(std::move(accepted));
    clocks_.advance(worker);
    apply_complete_windows(out);
  } else {
    apply_alone(accepted, out);
    clocks_.advance(worker);
  }
  answer_parked(worker, out);
}

shard_core::accepted_push shard_core::check_push(const message<messages::PushGradient>& push,
                                                 const worker_record& record) const {
  auto view = push.read();
  auto worker = view->getWorker();
  auto who = "worker " + std::to_string(worker);
  auto completed = clocks_.of(worker).value_or(0);
  if (view->getSequence() != record.accepted + 1)
    throw protocol_error(who + " sent push " + std::to_string(view->getSequence()) + " after push " +
                         std::to_string(record.accepted));
  if (view->getSequence() > record.applied + push_credits_)
    throw protocol_error(who + " has more pushes under way than its " + std::to_string(push_credits_) + " credits");
  if (view->getClock() != completed)
    throw protocol_error(who + " pushes for step " + std::to_string(view->getClock()) + " after " +
                         std::to_string(completed) + " completed steps");
  if (rules_.reads->by_columns() && view->getColumns() >= column_versions_.size())
    throw protocol_error(who + " had columns " + std::to_string(view->getColumns()) + ": there are " +
                         std::to_string(column_versions_.size()));
  if (auto version = version_of(view->getColumns()); view->getVersion() > version)
    throw protocol_error(who + " computed from version " + std::to_string(view->getVersion()) +
                         ", which is not there yet: this is version " + std::to_string(version));
  if (rules_.compensate->needs_backup() &&
      std::ranges::find(record.backups, view->getClock(), &backup::clock) == record.backups.end())
    throw protocol_error(who + " pushes for step " + std::to_string(view->getClock()) +
                         " without having pulled for it");
  return {push,
          worker,
          view->getEpoch(),
          view->getSequence(),
          view->getClock(),
          view->getVersion(),
          view->getColumns(),
          check_blocks(view->getBlocks(), *layout_, carried(), who),
          {},
          {}};
}

std::uint64_t shard_core::checked_staleness(const accepted_push& push) const {
  // bsp: each window before its own is a version that comes first.
  auto ahead = std::distance(windows_.begin(), windows_.lower_bound(push.clock));
  auto staleness = version_of(push.columns) + static_cast<std::uint64_t>(ahead) - push.version;
  auto bound = rules_.reads->staleness_bound(members_max_, rules_.prefetch);
  if (bound && staleness > *bound)
    throw protocol_error("the staleness bound is broken: an update of worker " + std::to_string(push.worker) +
                         " at step " + std::to_string(push.clock) + " is " + std::to_string(staleness) +
                         " versions old, at most " + std::to_string(*bound) + " are allowed");
  return staleness;
}

void shard_core::apply_alone(const accepted_push& push, effects& out) {
  auto staleness = checked_staleness(push);
  auto rate = rules_.compensate->learning_rate(rules_.schedule.at(push.clock), staleness);
  auto backups = take_backup(workers_[push.worker], push.clock);
  for (std::size_t i = 0; i < push.gradients.size(); ++i) {
    std::span<const float> read;
    if (!backups.empty())
      read = {backups[i].get(), store_.length(i)};
    store_.apply(i, {push.gradients[i], store_.length(i)}, read, rate);
  }
  apply_rows({&push, 1}, rate);
  ++version_;
  if (rules_.reads->by_columns())
    ++column_versions_[push.columns];
  acknowledge(push, staleness, out);
}

void shard_core::apply_complete_windows(effects& out) {
  while (!windows_.empty() && windows_.begin()->first < clocks_.min()) {
    auto window = std::move(windows_.begin()->second);
    windows_.erase(windows_.begin());
    apply_window(window, out);
  }
}

void shard_core::apply_window(std::vector<accepted_push>& window, effects& out) {
  // Arrival must not matter: sums are taken in the order of the workers.
  std::ranges::sort(window, {}, &accepted_push::worker);
  std::vector<std::uint64_t> staleness(window.size());
  std::ranges::transform(window, staleness.begin(),
                         [this](const accepted_push& push) { return checked_staleness(push); });
  auto rate = rules_.schedule.at(window.front().clock);
  std::vector<const float*> gradients(window.size());
  for (std::size_t i = 0; i < carried().size(); ++i) {
    std::ranges::transform(window, gradients.begin(), [i](const accepted_push& push) { return push.gradients[i]; });
    store_.apply_mean(i, gradients, rate);
  }
  if (!rules_.rows_alone)
    apply_rows(window, rate);
  ++version_;
  for (std::size_t i = 0; i < window.size(); ++i)
    acknowledge(window[i], staleness[i], out);
}

void shard_core::acknowledge(const accepted_push& push, std::uint64_t staleness, effects& out) {
  auto& record = workers_[push.worker];
  record.staleness.record(staleness);
  if (record.joined != push.joined)
    return; // bsp: it died after it pushed; nobody waits for this
  record.applied = push.sequence;
  message_builder<messages::GradientApplied> answer;
  answer->setShard(index_);
  answer->setEpoch(push.joined);
  answer->setSequence(push.sequence);
  answer->setVersion(version_);
  answer->setStalenessSteps(staleness);
  record.last_acknowledgement = answer.finish();
  out.emplace_back(send{{address::role::worker, push.worker}, record.last_acknowledgement});
}

std::vector<lent_block> shard_core::take_backup(worker_record& record, std::uint64_t clock) const {
  auto found = std::ranges::find(record.backups, clock, &backup::clock);
  if (found == record.backups.end())
    return {};
  auto result = std::move(found->blocks);
  record.backups.erase(found);
  return result;
}

// -- reports ---------------------------------------------------------------------------------------------------------

effects shard_core::handle(const message<messages::TakeSnapshot>& request) {
  return guarded([this, &request](effects& out) {
    message_builder<messages::SnapshotTaken> answer;
    answer->setShard(index_);
    answer->setRequest(request.read()->getRequest());
    answer->setVersion(version_);
    put(lend_snapshot(), answer);
    put_all_rows(answer);
    out.emplace_back(send{{address::role::coordinator, 0}, answer.finish()});
  });
}

effects shard_core::handle(const message<messages::TakeReport>&) {
  return guarded([this](effects& out) { out.emplace_back(send{{address::role::coordinator, 0}, report()}); });
}

} // namespace drover
