#include "drover/actors/sim/world.hpp"

#include <memory>
#include <utility>

// What faults do to machines, and to the members on them.

namespace drover::sim {

void world::take(const fault_event& what) {
  fingerprint_.add(static_cast<std::uint64_t>(mark::fault));
  fingerprint_.add(static_cast<std::uint64_t>(now_));
  for (auto* one : checkers_)
    one->on_fault(now_, what, cluster_);
  network_.apply(what);
  for (auto machine : what.machines)
    switch (what.kind) {
    case fault_event::what::crash:
      crash(machine);
      break;
    case fault_event::what::restart:
      restart(machine);
      break;
    case fault_event::what::pause_begin:
      if (machines_[machine].pauses++ == 0) {
        machines_[machine].paused_since = now_;
        machines_[machine].cores.pause(now_);
      }
      break;
    case fault_event::what::pause_end:
      if (--machines_[machine].pauses == 0) {
        machines_[machine].cores.resume(now_);
        look_for_end_of_work(machine);
        if (std::exchange(machines_[machine].starts_late, false))
          start_workers(machine);
        for (auto& one : std::exchange(machines_[machine].waiting, {}))
          queue_.push(now_, std::move(one));
      }
      break;
    default:
      break; // the network's
    }
  if (auto next = faults_.next())
    queue_.push(next->at, *next);
}

nanoseconds world::coordinator_paused() const {
  const auto& on = machines_[coordinator_host_.machine];
  return on.pauses > 0 ? now_ - on.paused_since : 0;
}

void world::crash(std::uint32_t machine) {
  auto& on = machines_[machine];
  on.is_down = true;
  on.cores.clear();
  on.waiting.clear();
  on.starts_late = false;
  auto take_down = [this, machine](host& one) {
    if (one.machine != machine || !one.is_up)
      return false;
    one.is_up = false;
    one.is_handling = false;
    one.waiting.clear();
    for (auto* each : checkers_)
      each->on_crash(now_, one.who);
    return true;
  };
  take_down(coordinator_host_);
  for (auto& shard : shards_) {
    if (take_down(shard))
      shard.core.reset();
    if (shard.copy && shard.copy->place.machine == machine)
      shard.copy->core.reset();
    std::erase_if(shard.forgotten, [machine](const shard_copy& one) { return one.place.machine == machine; });
  }
  for (auto& worker : workers_)
    if (take_down(worker)) {
      worker.core.reset();
      worker.is_computing = false;
      tell_end(worker, true);
    }
  tell_node_lost(machine);
}

void world::restart(std::uint32_t machine) {
  auto& on = machines_[machine];
  on.is_down = false;
  on.waiting.clear(); // it came while the machine was down
  if (replacement_.is_on) {
    on.workers = 0;
    on.is_new = true;
    queue_.push(some_time(), node_joins{machine});
    return;
  }
  if (on.pauses > 0)
    on.starts_late = true;
  else
    start_workers(machine);
}

void world::start_workers(std::uint32_t machine) {
  for (auto& worker : workers_)
    if (worker.machine == machine && !worker.is_up) {
      worker.is_up = true;
      ++worker.life;
      for (auto* one : checkers_)
        one->on_start(now_, worker.who);
      // Lives are numbered apart from those that a worker counts itself when it is taken for dead.
      worker.core = std::make_unique<worker_core>(worker.who.index, std::uint64_t{worker.life} << 32, plan_.layout);
      perform(worker.where, worker.core->start(seconds()));
      handled(worker.who);
    }
}

} // namespace drover::sim
