#include "drover/actors/sim/world.hpp"

#include <memory>

// Which processes there are, and how members begin.

namespace drover::sim {

world::host& world::host_of(const process& who) {
  switch (who.kind) {
  case address::role::shard:
    return shards_.at(who.number);
  case address::role::worker:
    return workers_.at(who.number);
  case address::role::coordinator:
    break;
  }
  return coordinator_host_;
}

bool world::is_up(const process& who) {
  const auto& one = host_of(who);
  return one.is_up && one.where.number == who.number;
}

world::host& world::handler_of(const process& who) {
  return one_thread_ && who.kind == address::role::worker ? shards_.front() : host_of(who);
}

void world::start(const spawn_shard& wanted) {
  auto& shard = shards_[wanted.index];
  shard.core = std::make_unique<shard_core>(wanted.assignment, plan_.layout, *device_);
  shard.workers.resize(speakers_.size());
  for (std::uint32_t worker = 0; worker < speakers_.size(); ++worker)
    shard.workers[worker].number = worker;
  shard.is_up = true;
}

void world::start(const spawn_worker& wanted) {
  if (coordinator_host_.where.number > 0)
    return start_anew(wanted);
  auto& worker = workers_[wanted.index];
  worker.core = std::make_unique<worker_core>(wanted.assignment, plan_.layout);
  worker.is_up = true;
  for (auto* one : checkers_)
    one->on_start(now_, worker.who);
  perform(worker.where, worker.core->start(seconds()));
  handled(worker.who);
}

} // namespace drover::sim
