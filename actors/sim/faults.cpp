#include "drover/actors/sim/faults.hpp"

#include <functional>

namespace drover::sim {

namespace {

using messages::FaultKind;
using what = fault_event::what;

/// A partition at a time is one event for all of its machines; everything else happens to each by itself.
bool is_joint(const fault& one) {
  return one.kind == FaultKind::PARTITION && one.mean_ns == 0;
}

what kind_of(FaultKind kind, bool is_end) {
  switch (kind) {
  case FaultKind::PAUSE:
    return is_end ? what::pause_end : what::pause_begin;
  case FaultKind::PARTITION:
    return is_end ? what::partition_end : what::partition_begin;
  case FaultKind::SLOW_LINK:
    return is_end ? what::slow_end : what::slow_begin;
  case FaultKind::UNRELIABLE_LINK:
    return is_end ? what::unreliable_end : what::unreliable_begin;
  case FaultKind::CRASH:
  case FaultKind::CRASH_AND_RESTART:
    break;
  }
  return is_end ? what::restart : what::crash;
}

} // namespace

fault_plan::fault_plan(cluster of, std::uint64_t seed) : cluster_(std::move(of)), states_(cluster_.machines().size()) {
  auto faults = cluster_.faults();
  for (std::uint32_t i = 0; i < faults.size(); ++i) {
    auto count = is_joint(faults[i]) ? 1 : faults[i].machines.size();
    for (std::uint32_t place = 0; place < count; ++place) {
      pending first{0, 0, i, place, 0, false, random_stream{seed, "faults", i, faults[i].machines[place]}};
      auto wait = faults[i].mean_ns > 0 ? whole_nanoseconds(first.draws.exponential(faults[i].mean_ns)) : 0;
      schedule(std::move(first), later(faults[i].at, wait));
    }
  }
}

void fault_plan::schedule(pending what, nanoseconds at) {
  if (at >= end_of_time)
    return;
  what.at = at;
  what.order = order_++;
  queue_.push(std::move(what));
}

void fault_plan::schedule_next(const pending& over) {
  const auto& source = cluster_.faults()[over.fault];
  if (source.mean_ns == 0)
    return;
  auto next = over;
  next.is_end = false;
  schedule(next, later(over.at, whole_nanoseconds(next.draws.exponential(source.mean_ns))));
}

fault_plan::machine_state& fault_plan::state_of(const pending& what) {
  return states_[cluster_.faults()[what.fault].machines[what.place]];
}

/// Whether it happens at all; counts it where it does.
bool fault_plan::begins(const pending& what) {
  auto& state = state_of(what);
  switch (cluster_.faults()[what.fault].kind) {
  case FaultKind::CRASH: {
    auto was_up = !state.is_down;
    state.is_down = state.is_gone = true;
    return was_up;
  }
  case FaultKind::CRASH_AND_RESTART: {
    auto was_up = !state.is_down;
    state.is_down = true;
    return was_up;
  }
  case FaultKind::PAUSE:
    return ++state.pauses == 1;
  default:
    return true;
  }
}

bool fault_plan::ends(const pending& what) {
  auto& state = state_of(what);
  switch (cluster_.faults()[what.fault].kind) {
  case FaultKind::CRASH_AND_RESTART:
    state.is_down = state.is_gone;
    return !state.is_gone;
  case FaultKind::PAUSE:
    return --state.pauses == 0;
  default:
    return true;
  }
}

fault_event fault_plan::event_of(const pending& what) const {
  const auto& source = cluster_.faults()[what.fault];
  std::span<const std::uint32_t> machines{source.machines};
  if (!is_joint(source))
    machines = machines.subspan(what.place, 1);
  return {what.at, kind_of(source.kind, what.is_end), machines, what.occurrence, source.factor, &source.chances};
}

std::optional<fault_event> fault_plan::next() {
  while (!queue_.empty()) {
    auto now = queue_.top();
    queue_.pop();
    const auto& source = cluster_.faults()[now.fault];
    if (now.is_end) {
      auto is_told = ends(now);
      if (!state_of(now).is_gone)
        schedule_next(now);
      if (is_told)
        return event_of(now);
      continue;
    }
    if (!is_joint(source) && state_of(now).is_gone)
      continue;
    now.occurrence = ++occurrences_;
    auto was_down = state_of(now).is_down;
    auto is_told = begins(now);
    auto end = now;
    end.is_end = true;
    if (source.kind == FaultKind::CRASH_AND_RESTART && was_down) {
      // Nothing crashes, and nothing will restart because of it.
      schedule_next(now);
    } else if (source.kind != FaultKind::CRASH) {
      schedule(std::move(end), later(now.at, source.duration));
    }
    if (is_told)
      return event_of(now);
  }
  return std::nullopt;
}

std::string to_string(const fault_event& event, const cluster& of) {
  static constexpr const char* words[] = {"crash of ",           "restart of ",        "pause of ",     "pause of ",
                                          "partition of ",       "partition of ",      "slow link of ", "slow link of ",
                                          "unreliable link of ", "unreliable link of "};
  auto kind = static_cast<std::size_t>(event.kind);
  auto result = words[kind] + of.machines()[event.machines.front()].name;
  if (event.machines.size() > 1)
    result += " and " + std::to_string(event.machines.size() - 1) + " more";
  if (event.kind == what::crash || event.kind == what::restart)
    return result;
  return result + (kind % 2 == 0 ? " begins" : " ends");
}

} // namespace drover::sim
