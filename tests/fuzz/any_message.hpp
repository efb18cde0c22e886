#pragma once

#include "drover/actors/core/effect.hpp"
#include "drover/messages/shard_state.capnp.h"

#include "tests/fuzz/read_everything.hpp"

namespace drover::fuzz {

/// Calls `function.template operator()<T>()` with the message type that `number` chooses, one of all that there are.
template <class Function>
void with_message_type(std::uint8_t number, Function function) {
  using namespace messages;
  using caller = void (*)(Function&);
  constexpr auto all = []<class... Ts>() {
    return std::array<caller, sizeof...(Ts)>{[](Function& f) { f.template operator()<Ts>(); }...};
  };
  static constexpr auto callers =
      all.template operator()<PullParameters, ParametersPulled, PushGradient, GradientApplied, TakeSnapshot,
                              SnapshotTaken, HostShard, StartWorker, ChangeMembership, LeaseSlices, StopTraining,
                              WorkerLeft, MemberFailed, WorkerProgress, TakeReport, ShardReport, Progress, Summary, Job,
                              Dismiss, JoinTraining, MembershipAdopted, ShardState, ShardValues>();
  callers[number % callers.size()](function);
}

/// Reads all of a message that was decoded. Whether that could be done is no matter, only that nothing else happens.
template <class T>
void read_message(const message<T>& what) {
  try {
    read_everything(*what.read());
  } catch (const kj::Exception&) { // not a T
  }
}

} // namespace drover::fuzz
