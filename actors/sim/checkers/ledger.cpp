#include "drover/actors/sim/checkers/ledger.hpp"

#include "drover/actors/core/compensation.hpp"
#include "drover/models/row_keys.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace drover::sim {

std::uint64_t ledger::book::clock_min() const {
  auto result = ~std::uint64_t{0}; // of nobody: no one is waited for
  for (const auto& [worker, one] : members)
    result = std::min(result, one.clock);
  return result;
}

ledger::ledger(messages::Job::Reader job)
    : rule_(make_consistency(consistency_mode::parse(job.getConsistency().cStr()))), prefetch_(job.getPrefetch()),
      repeats_answers_(make_compensation(job.getCompensation(), 0)->needs_backup()),
      rows_alone_(job.getTableConsistency().size() != 0), books_(job.getShards()) {
  for (auto& one : books_) {
    for (std::uint32_t worker = 0; worker < job.getWorkers(); ++worker)
      one.members[worker] = {.joined = 1};
    one.members_max = job.getWorkers();
  }
}

bool ledger::may_read(const book& at, const wish& what) const {
  auto own = at.members.find(what.worker);
  return own != at.members.end() && own->second.clock + (prefetch_ ? 1 : 0) >= what.clock &&
         at.clock_min() >= rule_->clock_needed(what.clock);
}

void ledger::on_deliver(nanoseconds, const address& to, const protocol_message& what) {
  if (to.kind != address::role::shard)
    return;
  if (const auto* pull = std::get_if<message<messages::PullParameters>>(&what))
    take(to.index, *pull);
  else if (const auto* push = std::get_if<message<messages::PushGradient>>(&what))
    take(to.index, *push);
  else if (const auto* change = std::get_if<message<messages::ChangeMembership>>(&what))
    adopt(to.index, *change->read());
}

void ledger::on_send(nanoseconds, const address& from, const address& to, const protocol_message& what) {
  if (const auto* answer = std::get_if<message<messages::ParametersPulled>>(&what)) {
    auto view = answer->read();
    books_[from.index].wishes.erase({to.index, view->getEpoch(), view->getClock()});
  }
}

void ledger::on_freeze(nanoseconds, const address& who) {
  auto& at = books_[who.index];
  for (const auto& [clock, window] : at.windows)
    for (const auto& push : window)
      if (auto known = at.members.find(push.worker); known != at.members.end() && known->second.joined == push.joined) {
        --known->second.accepted;
        --known->second.clock;
      }
  at.windows.clear();
  at.wishes.clear();
  at.named.clear();
  at.early_pulls.clear();
  at.early_pushes.clear();
}

void ledger::adopt(std::uint32_t shard, messages::ChangeMembership::Reader change) {
  auto& at = books_[shard];
  if (change.getEpoch() <= at.epoch)
    return;
  at.epoch = change.getEpoch();
  for (const auto& [worker, one] : at.members)
    at.clock_seen[worker] = one.clock;
  if (!at.members.empty())
    at.clock_floor = at.clock_min();
  auto before = std::exchange(at.members, {});
  for (auto one : change.getMembers())
    if (auto known = before.find(one.getWorker()); known != before.end() && known->second.joined == one.getJoined())
      at.members.insert(*known);
  if (!at.members.empty())
    at.clock_floor = std::max(at.clock_floor, at.clock_min());
  for (auto one : change.getMembers()) {
    auto [entry, is_new] = at.members.try_emplace(one.getWorker());
    auto& known = entry->second;
    if (is_new)
      known = {.joined = one.getJoined(), .clock = std::max(at.clock_floor, at.clock_seen[one.getWorker()])};
    if (known.accepted == 0)
      known.clock = std::max(known.clock, one.getClock());
  }
  at.members_max = std::max<std::uint64_t>(at.members_max, at.members.size());
  std::erase_if(at.wishes, [&at](const wish& one) {
    auto known = at.members.find(one.worker);
    return known == at.members.end() || known->second.joined != one.joined;
  });
  close_windows(shard);
  for (const auto& push : std::exchange(at.early_pushes, {}))
    take(shard, push);
  for (const auto& pull : std::exchange(at.early_pulls, {}))
    take(shard, pull);
}

void ledger::take(std::uint32_t shard, const message<messages::PullParameters>& pull) {
  auto& at = books_[shard];
  auto view = pull.read();
  if (view->getEpoch() > at.epoch)
    return at.early_pulls.push_back(pull);
  auto known = at.members.find(view->getWorker());
  if (known == at.members.end() || known->second.joined != view->getEpoch() || view->getClock() < known->second.clock)
    return;
  if (keys_of(at.named[{view->getWorker(), view->getEpoch()}], view->getClock(), view->getKeys()))
    at.wishes.insert({view->getWorker(), view->getEpoch(), view->getClock()});
}

std::optional<std::vector<std::vector<std::uint64_t>>> ledger::keys_of(named_keys& named, std::uint64_t clock,
                                                                       capnp::List<messages::Keys>::Reader lists) {
  std::vector<std::vector<std::uint64_t>> result;
  auto same = named.find(clock);
  auto before = named.lower_bound(clock);
  auto has = [&](auto where, unsigned space) {
    return where != named.end() && signature_of(where->second[space]) == lists[space].getSignature();
  };
  for (unsigned space = 0; space < lists.size(); ++space) {
    auto bytes = lists[space].getKeys();
    std::vector<std::uint64_t> keys(bytes.size() / sizeof(std::uint64_t));
    if (!keys.empty()) // an empty vector may have no address, and memcpy takes none
      std::memcpy(keys.data(), bytes.begin(), keys.size() * sizeof(std::uint64_t));
    if (signature_of(keys) != lists[space].getSignature()) {
      if (has(same, space))
        keys = same->second[space];
      else if (before != named.begin() && has(std::prev(before), space))
        keys = std::prev(before)->second[space];
      else
        return std::nullopt;
    }
    result.push_back(std::move(keys));
  }
  if (!result.empty())
    named[clock] = result;
  return result;
}

void ledger::take(std::uint32_t shard, const message<messages::PushGradient>& push) {
  auto& at = books_[shard];
  auto view = push.read();
  if (view->getEpoch() > at.epoch)
    return at.early_pushes.push_back(push);
  auto known = at.members.find(view->getWorker());
  if (known == at.members.end() || known->second.joined != view->getEpoch() ||
      view->getSequence() != known->second.accepted + 1)
    return;
  auto& named = at.named[{view->getWorker(), view->getEpoch()}];
  auto keys = keys_of(named, view->getClock(), view->getKeys());
  if (!keys)
    return;
  named.erase(named.begin(), named.lower_bound(view->getClock()));
  taken_push taken{view->getWorker(), view->getEpoch(), view->getSequence(), view->getClock(), view->getVersion(), push,
                   std::move(*keys)};
  ++known->second.accepted;
  ++known->second.clock;
  // Once the step is completed, to read for it again would be for nothing.
  std::erase_if(at.wishes,
                [&](const wish& one) { return one.worker == taken.worker && one.clock < known->second.clock; });
  if (!rule_->by_clock())
    return apply(shard, {std::move(taken)});
  if (rows_alone_ && taken.sequence > known->second.rows) {
    known->second.rows = taken.sequence;
    if (rows_listener_)
      rows_listener_(taken);
  }
  at.windows[taken.clock].push_back(std::move(taken));
  close_windows(shard);
}

void ledger::close_windows(std::uint32_t shard) {
  auto& at = books_[shard];
  while (!at.windows.empty() && at.windows.begin()->first < at.clock_min()) {
    auto window = std::move(at.windows.begin()->second);
    at.windows.erase(at.windows.begin());
    std::ranges::sort(window, {}, &taken_push::worker);
    apply(shard, window);
  }
}

void ledger::apply(std::uint32_t shard, const std::vector<taken_push>& pushes) {
  auto& at = books_[shard];
  auto before = at.version++;
  at.updates += pushes.size();
  for (const auto& listener : listeners_)
    listener(shard, pushes, before);
}

} // namespace drover::sim
