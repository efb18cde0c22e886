#pragma once

#include "drover/actors/core/address.hpp"
#include "drover/actors/core/effect.hpp"
#include "drover/actors/sim/virtual_time.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace drover::sim {

class cluster;
struct fault_event;

/// Something that must always hold did not. The sentence says what, where and when.
class violation : public std::runtime_error {
public:
  violation(const std::string& invariant, nanoseconds now, const std::string& sentence)
      : std::runtime_error(invariant + ", at " + std::to_string(static_cast<double>(now) / 1e9) + " s: " + sentence) {}
};

/// The same where nothing was done wrongly, but too little was done at all.
class no_progress : public violation {
public:
  using violation::violation;
};

/// Stands beside a simulation and watches one invariant, from messages alone: it knows nothing of what the cores
/// remember. Calls come in the order in which things happen; all may throw `violation`.
class checker {
public:
  virtual ~checker() = default;

  /// A core says this to a member. It may be lost on its way.
  virtual void on_send(nanoseconds, const address& /*from*/, const address& /*to*/, const protocol_message&) {}
  /// A core is about to be given this.
  virtual void on_deliver(nanoseconds, const address& /*to*/, const protocol_message&) {}
  /// A core has handled an event, and what it said was passed to `on_send`.
  virtual void on_handled(nanoseconds, const address& /*who*/) {}
  /// A member was started with empty hands, or is gone. A coordinator only when it takes over: its seconds begin here.
  virtual void on_start(nanoseconds, const address&) {}
  virtual void on_crash(nanoseconds, const address&) {}
  /// A shard stands still from now on, and forgets what is not part of its parameters yet.
  virtual void on_freeze(nanoseconds, const address&) {}
  /// It goes on, there or elsewhere.
  virtual void on_thaw(nanoseconds, const address&) {}
  /// Something goes wrong on the cluster, or is well again.
  virtual void on_fault(nanoseconds, const fault_event&, const cluster& /*of*/) {}
  /// The coordinator is told that somebody asks for an early end.
  virtual void on_stop(nanoseconds) {}
  /// What the coordinator knows of the node on a machine.
  enum class node_news {
    joined,
    gone,
    heard,     ///< it answered
    suspected, ///< of being gone
    leaves,    ///< it is to
    stays,     ///< it could not
    left,
  };
  virtual void on_node(nanoseconds, std::uint32_t /*machine*/, node_news) {}
  /// A worker, or a shard whose node leaves, is to go there: of all machines this one was chosen.
  virtual void on_choice(nanoseconds, std::uint32_t /*machine*/, bool /*is_shard*/) {}
  /// A place on a machine is taken; its node starts the member or refuses it, and it is free again when the member is
  /// known to be gone. Tickets are never used twice under one coordinator.
  virtual void on_place(nanoseconds, std::uint32_t /*machine*/, std::uint64_t /*ticket*/, bool /*is_shard*/) {}
  virtual void on_started(nanoseconds, std::uint32_t /*machine*/) {}
  virtual void on_refused(nanoseconds, std::uint32_t /*machine*/, std::uint64_t /*ticket*/) {}
  virtual void on_vacant(nanoseconds, std::uint64_t /*ticket*/) {}
  /// The job is over.
  virtual void on_end(nanoseconds, const finish_job&) {}
};

} // namespace drover::sim
