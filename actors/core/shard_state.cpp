#include "drover/actors/core/protocol_error.hpp"
#include "drover/actors/core/shard_core.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

// How a shard goes on in another process: it stands still, what it holds is copied, and only one of the two goes on.

namespace drover {

namespace {

// Of one piece: far below what CAF's network layer takes at once.
constexpr std::uint64_t floats_max = std::uint64_t{1} << 19;

// To be copied, whatever they are.
template <class Float, class Byte>
std::span<Float> as_floats(std::span<Byte> bytes) {
  return {reinterpret_cast<Float*>(bytes.data()), bytes.size() / sizeof(Float)};
}

// With prefetch a worker reads for the next step before it pushes the last.
constexpr std::size_t backups_max = 2;

} // namespace

void shard_core::freeze() {
  frozen_ = true;
  // Nobody was told that these came.
  for (auto& [worker, record] : workers_) {
    auto kept = record.accepted - record.applied;
    if (auto clock = clocks_.of(worker); clock && kept > 0)
      clocks_.join(worker, *clock - kept);
    record.accepted = record.applied;
    record.keys.clear();
  }
  for (const auto& [clock, window] : windows_)
    for (const auto& push : window)
      if (workers_[push.worker].joined == push.joined)
        bytes_pushed_ -= carried_bytes(push.keys);
  windows_.clear();
  parked_.forget_all();
  static_cast<void>(held_pulls_.take());
  static_cast<void>(held_pushes_.take());
}

message<messages::ShardState> shard_core::state() const {
  message_builder<messages::ShardState> result;
  result->setReport(*report().read());
  result->setClockFloor(clock_floor_);
  result->setMembersMax(members_max_);
  auto lives = result->initLives(static_cast<unsigned>(workers_.size()));
  unsigned i = 0;
  for (const auto& [worker, record] : workers_) {
    auto life = lives[i++];
    life.setWorker(worker);
    life.setJoined(record.joined);
    life.setIsMember(clocks_.has(worker));
    life.setClock(clocks_.of(worker).value_or(0));
    life.setClockSeen(record.clock_seen);
    life.setApplied(record.applied);
    life.setRowsApplied(record.rows_applied);
    if (!record.last_acknowledgement.empty())
      life.setAcknowledgement(*record.last_acknowledgement.read());
    auto backups = life.initBackups(static_cast<unsigned>(record.backups.size()));
    for (unsigned j = 0; j < backups.size(); ++j) {
      backups[j].setClock(record.backups[j].clock);
      backups[j].setVersion(record.backups[j].version);
    }
  }
  auto updates = result->initUpdates(static_cast<unsigned>(store_.size()));
  for (unsigned block = 0; block < updates.size(); ++block)
    updates.set(block, store_.updates(block));
  auto tables = result->initTables(static_cast<unsigned>(rows_.tables()));
  for (unsigned table = 0; table < tables.size(); ++table) {
    auto facts = rows_.table(table).facts();
    tables[table].setRows(facts.rows);
    tables[table].setWaiting(facts.waiting);
    tables[table].setHand(facts.hand);
    tables[table].setWaitingHand(facts.waiting_hand);
    tables[table].setEvicted(facts.evicted);
    tables[table].setRefused(facts.refused);
  }
  return result.finish();
}

message<messages::ShardValues> shard_core::values(std::uint64_t first) const {
  scattered_floats<const float> all;
  for (std::size_t block = 0; block < store_.size(); ++block)
    for (auto part : store_.contents(block))
      all.add(part);
  for (const auto& [worker, record] : workers_)
    for (const auto& one : record.backups)
      for (std::size_t block = 0; block < store_.size(); ++block)
        all.add({one.blocks[block].get(), store_.length(block)});
  for (std::size_t table = 0; table < rows_.tables(); ++table)
    for (auto part : rows_.table(table).contents())
      all.add(as_floats<const float>(part));
  if (first >= all.size())
    throw protocol_error("shard " + std::to_string(index_) + " was asked for value " + std::to_string(first) + " of " +
                         std::to_string(all.size()));
  message_builder<messages::ShardValues> result;
  result->setFirst(first);
  auto count = std::min(floats_max, all.size() - first);
  auto* into = result->initValues(static_cast<unsigned>(count * sizeof(float))).begin();
  all.visit(first, count, [&into](std::span<const float> together) {
    std::memcpy(into, together.data(), together.size_bytes());
    into += together.size_bytes();
  });
  return result.finish();
}

void shard_core::restore(const message<messages::ShardState>& from) {
  auto view = from.read();
  auto counted = view->getReport();
  auto refuse = [this](const std::string& why) {
    throw protocol_error("shard " + std::to_string(index_) + " cannot go on here: " + why);
  };
  if (counted.getShard() != index_)
    refuse("it is shard " + std::to_string(counted.getShard()) + " that comes");
  // Each list once: to look it up counts as reading it, of which there is a limit.
  auto updates = view->getUpdates();
  auto lives = view->getLives();
  auto reported = counted.getWorkers();
  if (updates.size() != store_.size())
    refuse(std::to_string(updates.size()) + " blocks come, and it has " + std::to_string(store_.size()));
  if (lives.size() != reported.size())
    refuse("its report is not of the workers that it knows");
  frozen_ = true;
  epoch_ = counted.getMembershipEpoch();
  version_ = counted.getVersion();
  pulls_ = counted.getPulls();
  bytes_pulled_ = counted.getBytesPulled();
  bytes_pushed_ = counted.getBytesPushed();
  row_staleness_max_ = counted.getRowStalenessMax();
  clock_floor_ = view->getClockFloor();
  members_max_ = view->getMembersMax();
  parked_ = parked_pulls{counted.getPullsParked()};
  clocks_ = {};
  workers_.clear();
  restoring_ = restoring{};
  for (std::size_t block = 0; block < store_.size(); ++block) {
    store_.set_updates(block, updates[static_cast<unsigned>(block)]);
    for (auto part : store_.contents(block))
      restoring_->into.add(part);
  }
  store_.set_renewed(counted.getBlocksRenewed());
  for (unsigned i = 0; i < lives.size(); ++i) {
    auto life = lives[i];
    auto worker = life.getWorker();
    auto of_worker = reported[i];
    if (of_worker.getWorker() != worker || (!workers_.empty() && worker <= workers_.rbegin()->first))
      refuse("the workers that it knows are out of order");
    if (worker >= workers_of_job_)
      refuse("it knows worker " + std::to_string(worker) + " of " + std::to_string(workers_of_job_));
    auto& record = workers_[worker];
    record.joined = life.getJoined();
    record.accepted = record.applied = life.getApplied();
    record.rows_applied = life.getRowsApplied();
    record.repeated = of_worker.getRepeated();
    record.clock_seen = life.getClockSeen();
    if (life.hasAcknowledgement())
      record.last_acknowledgement = message_builder<messages::GradientApplied>{life.getAcknowledgement()}.finish();
    else if (record.applied > 0)
      refuse("the last push of worker " + std::to_string(worker) + " was not answered");
    std::vector<std::uint64_t> counts;
    for (auto count : of_worker.getCounts())
      counts.push_back(count);
    if (!record.staleness.restore(counts, of_worker.getStalenessSum(), of_worker.getStalenessMax()))
      refuse("the stalenesses of worker " + std::to_string(worker) + " do not add up");
    if (life.getIsMember())
      clocks_.join(worker, life.getClock());
    auto backups = life.getBackups();
    if (backups.size() > (rules_.compensate->needs_backup() && life.getIsMember() ? backups_max : 0))
      refuse("worker " + std::to_string(worker) + " cannot have read for " + std::to_string(backups.size()) +
             " steps at once");
    for (auto one : backups) {
      backup read{one.getClock(), one.getVersion(), {}};
      for (std::size_t block = 0; block < store_.size(); ++block) {
        auto memory = std::make_shared<bulk>(store_.length(block));
        restoring_->into.add(memory->values());
        read.blocks.emplace_back(memory, memory->values().data());
      }
      record.backups.push_back(std::move(read));
    }
  }
  restore_tables(view->getTables());
  adopt_if_complete();
}

void shard_core::restore_tables(capnp::List<messages::TableState>::Reader tables) {
  if (tables.size() != rows_.tables())
    throw protocol_error("shard " + std::to_string(index_) + " cannot go on here: " + std::to_string(tables.size()) +
                         " sparse tables come, and it has " + std::to_string(rows_.tables()));
  for (unsigned table = 0; table < tables.size(); ++table) {
    auto facts = tables[table];
    auto most = layout_->tables()[table].rows;
    if (facts.getRows() > most || facts.getWaiting() > most)
      throw protocol_error("shard " + std::to_string(index_) +
                           " cannot go on here: " + std::to_string(std::max(facts.getRows(), facts.getWaiting())) +
                           " rows come of a table that has " + std::to_string(most));
    try {
      auto room = rows_.table(table).prepare({.rows = facts.getRows(),
                                              .waiting = facts.getWaiting(),
                                              .hand = facts.getHand(),
                                              .waiting_hand = facts.getWaitingHand(),
                                              .evicted = facts.getEvicted(),
                                              .refused = facts.getRefused()});
      for (auto part : room)
        restoring_->into.add(as_floats<float>(part));
    } catch (const std::invalid_argument& problem) {
      throw protocol_error("shard " + std::to_string(index_) + " cannot go on here: " + problem.what());
    }
  }
}

void shard_core::adopt_if_complete() {
  if (missing_value())
    return;
  try {
    for (std::size_t table = 0; table < rows_.tables(); ++table) {
      rows_.table(table).adopt();
      check_restored(table);
    }
  } catch (const std::invalid_argument& problem) {
    throw protocol_error("shard " + std::to_string(index_) + " cannot go on here: " + problem.what());
  }
}

// Others would be part of what is tested and saved.
void shard_core::check_restored(std::size_t table) const {
  auto rows = layout_->tables()[table].rows;
  rows_.table(table).each([this, rows](std::uint64_t key, std::span<const float>) {
    if (key >= rows || shard_of_key(key, shards_of_job_) != index_)
      throw protocol_error("shard " + std::to_string(index_) + " cannot go on here: row " + std::to_string(key) +
                           " comes of a table of " + std::to_string(rows) + ", which is not its own");
  });
}

void shard_core::restore(const message<messages::ShardValues>& piece) {
  auto view = piece.read();
  auto bytes = view->getValues();
  auto count = bytes.size() / sizeof(float);
  if (!restoring_ || view->getFirst() != restoring_->next || count == 0 || bytes.size() % sizeof(float) != 0 ||
      count > restoring_->into.size() - restoring_->next)
    throw protocol_error("shard " + std::to_string(index_) + " cannot go on here: " + std::to_string(bytes.size()) +
                         " bytes from value " + std::to_string(view->getFirst()) + " on are not what comes next");
  const auto* from = bytes.begin();
  restoring_->into.visit(restoring_->next, count, [&from](std::span<float> together) {
    std::memcpy(together.data(), from, together.size_bytes());
    from += together.size_bytes();
  });
  restoring_->next += count;
  adopt_if_complete();
}

std::optional<std::uint64_t> shard_core::missing_value() const {
  if (!restoring_ || restoring_->next == restoring_->into.size())
    return std::nullopt;
  return restoring_->next;
}

void shard_core::thaw() {
  frozen_ = false;
  restoring_.reset();
}

} // namespace drover
