#include "drover/actors/core/membership.hpp"

#include "drover/actors/core/protocol_error.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace drover {

namespace {

// So many lives belong to one place. A worker counts them by itself, and never gets so far.
constexpr std::uint64_t lives_a_place = std::uint64_t{1} << 32;
// Whoever claims more would leave none for the places that follow.
constexpr std::uint64_t lives_max = std::uint64_t{1} << 63;
// A worker may be silent for so much longer than ever before: computers slow down, but seldom more than so.
constexpr double silence_factor = 3;

} // namespace

membership::membership(std::uint32_t workers, std::uint32_t shards) : shards_(shards) {
  for (std::uint32_t worker = 0; worker < workers; ++worker)
    members_[worker] = {};
}

membership membership::after(std::uint64_t epoch, std::uint32_t workers, std::uint32_t shards) {
  membership result{workers, shards};
  for (auto& [ignored, one] : result.members_)
    one = {.joined = 0, .started = false};
  result.epoch_ = epoch;
  result.changed_ = true;
  return result;
}

bool membership::counts(std::uint32_t worker, std::uint64_t joined) const {
  const auto* one = find(worker);
  return one != nullptr && one->joined == joined;
}

const membership::member* membership::find(std::uint32_t worker) const {
  auto found = members_.find(worker);
  return found == members_.end() ? nullptr : &found->second;
}

bool membership::remove(std::uint32_t worker) {
  if (members_.erase(worker) == 0)
    return false;
  clock_max_.erase(worker);
  changed_ = true;
  return true;
}

void membership::leave(std::uint32_t worker) {
  if (const auto* one = find(worker))
    histories_[worker].life_min = one->life + 1;
  remove(worker);
}

bool membership::may_join(std::uint32_t worker, std::uint64_t life) const {
  auto found = histories_.find(worker);
  return life < lives_max && (found == histories_.end() || life >= found->second.life_min);
}

void membership::join(std::uint32_t worker, std::uint64_t life, std::uint64_t clock, double now) {
  // 0: no epoch yet, so that nothing that comes counts.
  members_[worker] = {.joined = 0, .life = life, .clock = clock, .started = false};
  auto& known = histories_[worker];
  known.heard = now; // how long it was gone is no measure of how long it is silent
  known.life_min = life;
  clock_max_.erase(worker);
  changed_ = true;
}

std::uint64_t membership::replace(std::uint32_t worker) {
  auto& life = histories_[worker].life_min;
  life = (life / lives_a_place + 1) * lives_a_place;
  return life;
}

bool membership::begin_epoch() {
  if (!changed_ || !behind_.empty())
    return false;
  changed_ = false;
  ++epoch_;
  for (auto& [worker, one] : members_)
    if (one.joined == 0)
      one.joined = epoch_;
  for (std::uint32_t shard = 0; shard < shards_; ++shard)
    behind_.insert(shard);
  return true;
}

void membership::adopt(messages::MembershipAdopted::Reader answer) {
  if (answer.getShard() >= shards_)
    throw protocol_error("shard " + std::to_string(answer.getShard()) + " of " + std::to_string(shards_) +
                         " adopted a membership");
  if (answer.getEpoch() != epoch_ || behind_.erase(answer.getShard()) == 0)
    return; // of a repetition
  for (auto one : answer.getMembers()) {
    auto found = members_.find(one.getWorker());
    if (found != members_.end() && !found->second.started && found->second.joined == one.getJoined()) {
      auto& clock = clock_max_[one.getWorker()];
      clock = std::max(clock, one.getClock());
    }
  }
}

std::vector<std::uint32_t> membership::take_ready() {
  std::vector<std::uint32_t> result;
  if (!behind_.empty())
    return result;
  for (auto& [worker, clock] : std::exchange(clock_max_, {})) {
    auto& one = members_.at(worker);
    if (clock == one.clock) {
      one.started = true;
      result.push_back(worker);
    } else {
      one.clock = clock; // the others adopt it with the next epoch
      changed_ = true;
    }
  }
  return result;
}

// Before the look that comes late, too.
void membership::skip_unheard(history& known, double now) const {
  if (now > look_due_)
    known.heard = std::min(now, known.heard + now - look_due_);
}

void membership::look(double now) {
  for (auto& [worker, known] : histories_)
    skip_unheard(known, now);
  look_due_ = now + look_seconds;
}

void membership::hear(std::uint32_t worker, double now) {
  auto& known = histories_[worker];
  skip_unheard(known, now);
  known.silence_max = std::max(known.silence_max, now - known.heard);
  known.heard = now;
}

std::vector<std::uint32_t> membership::silent(double now, double seconds) const {
  auto result = silent_longer_than(seconds, now);
  std::erase_if(result, [this, now](std::uint32_t worker) {
    const auto& known = histories_.at(worker);
    return now - known.heard <= silence_factor * known.silence_max;
  });
  return result;
}

std::vector<std::uint32_t> membership::slow(double now, double seconds) const {
  auto result = silent(now, seconds);
  std::erase_if(result, [this](std::uint32_t worker) { return histories_.at(worker).silence_max == 0; });
  return result;
}

std::vector<std::uint32_t> membership::silent_longer_than(double seconds, double now) const {
  std::vector<std::uint32_t> result;
  for (const auto& [worker, ignored] : members_)
    if (auto known = histories_.find(worker); known != histories_.end() && now - known->second.heard > seconds)
      result.push_back(worker);
  return result;
}

void fill(messages::ChangeMembership::Builder change, const membership& members) {
  change.setEpoch(members.epoch());
  auto list = change.initMembers(static_cast<unsigned>(members.members().size()));
  unsigned i = 0;
  for (const auto& [worker, one] : members.members()) {
    list[i].setWorker(worker);
    list[i].setClock(one.clock);
    list[i].setJoined(one.joined);
    ++i;
  }
}

} // namespace drover
