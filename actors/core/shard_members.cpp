#include "drover/actors/core/shard_core.hpp"

#include <algorithm>

// Whom a shard counts, and since when.

namespace drover {

void shard_core::adopt_members(messages::ChangeMembership::Reader change) {
  for (auto worker : clocks_.members())
    workers_[worker].clock_seen = *clocks_.of(worker);
  if (clocks_.size() > 0)
    clock_floor_ = clocks_.min();
  clock_table next;
  // Who stays keeps the clock that this shard counted.
  for (auto member : change.getMembers())
    if (auto clock = clocks_.of(member.getWorker()); clock && workers_[member.getWorker()].joined == member.getJoined())
      next.join(member.getWorker(), *clock);
  // Nobody joins behind where all were once: what was read or pushed since would become too old. Nor behind its own
  // former life.
  if (next.size() > 0)
    clock_floor_ = std::max(clock_floor_, next.min());
  for (auto member : change.getMembers()) {
    auto worker = member.getWorker();
    auto& record = workers_[worker];
    if (auto clock = next.of(worker)) {
      if (record.accepted == 0)
        next.join(worker, std::max(*clock, member.getClock()));
      continue;
    }
    next.join(worker, std::max({member.getClock(), clock_floor_, record.clock_seen}));
    begin_life(worker, member.getJoined());
  }
  epoch_ = change.getEpoch();
  clocks_ = std::move(next);
  members_max_ = std::max<std::uint64_t>(members_max_, clocks_.size());
  parked_.forget_departed(clocks_);
  for (auto& [worker, record] : workers_)
    if (!clocks_.has(worker))
      record.forget_reads();
}

void shard_core::begin_life(std::uint32_t worker, std::uint64_t joined) {
  auto& record = workers_[worker];
  record.joined = joined;
  record.accepted = 0;
  record.applied = 0;
  record.rows_applied = 0;
  record.last_acknowledgement = {};
  record.forget_reads();
  parked_.forget(worker);
}

message<messages::MembershipAdopted> shard_core::adopted() const {
  message_builder<messages::MembershipAdopted> answer;
  answer->setShard(index_);
  answer->setEpoch(epoch_);
  auto members = clocks_.members();
  auto list = answer->initMembers(static_cast<unsigned>(members.size()));
  for (unsigned i = 0; i < members.size(); ++i) {
    list[i].setWorker(members[i]);
    list[i].setClock(*clocks_.of(members[i]));
    list[i].setJoined(workers_.at(members[i]).joined);
  }
  return answer.finish();
}

} // namespace drover
