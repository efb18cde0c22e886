#pragma once

#include "drover/actors/sim/checker.hpp"

#include <cstdint>
#include <map>
#include <set>

namespace drover::sim {

/// A worker that was told to stop asks for the parameters of no further step.
class stop_heeded : public checker {
public:
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_start(nanoseconds now, const address& who) override;

private:
  std::set<std::uint32_t> told_;
  std::map<std::uint32_t, std::uint64_t> asked_; ///< by worker: up to where it has asked for steps
};

} // namespace drover::sim
