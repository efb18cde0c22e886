#pragma once

#include "drover/actors/sim/checker.hpp"

#include <cstdint>
#include <map>
#include <set>

namespace drover::sim {

/// A worker that was told to stop asks for the parameters of no further step. Nobody tells a process that was replaced:
/// what it asks for belongs to lives that are over; and whoever takes over begins workers that nobody told.
class stop_heeded : public checker {
public:
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_start(nanoseconds now, const address& who) override;

private:
  std::set<std::uint32_t> sent_; ///< by the coordinator that there is, to whom
  std::set<std::uint32_t> told_;
  std::map<std::uint32_t, std::uint64_t> assigned_; ///< by worker: epoch of the last life that it was told to begin
  std::map<std::uint32_t, std::uint64_t> over_;     ///< the same of its former processes
  std::map<std::uint32_t, std::uint64_t> asked_;    ///< by worker: up to where it has asked for steps
};

} // namespace drover::sim
