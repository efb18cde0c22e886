#pragma once

#include "drover/actors/sim/checker.hpp"

#include <ostream>

namespace drover::sim {

/// Writes a line for everything that happens: to see how a seed came to its end.
class trace : public checker {
public:
  explicit trace(std::ostream& out) : out_(out) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_start(nanoseconds now, const address& who) override;
  void on_crash(nanoseconds now, const address& who) override;
  void on_freeze(nanoseconds now, const address& who) override;
  void on_thaw(nanoseconds now, const address& who) override;
  void on_fault(nanoseconds now, const fault_event& what, const cluster& of) override;
  void on_stop(nanoseconds now) override;

private:
  std::ostream& begin(nanoseconds now);

  std::ostream& out_;
};

} // namespace drover::sim
