#pragma once

#include "drover/actors/core/membership.hpp"
#include "drover/messages/membership.capnp.h"
#include "drover/messages/message.hpp"

#include <cstdint>
#include <map>

namespace drover {

/// Who trains on which slices of the data: the coordinator's word on it. Each worker has its own slice. That of one
/// that was lost goes to those that train, a piece to each, from the step on that it had come to, until it trains
/// again. What it had under way, and what the others had begun before they heard of it, is left out or learned from
/// twice.
class slice_leases {
public:
  /// A worker is a member no more, and had completed so many steps.
  void lose(std::uint32_t worker, std::uint64_t clock) { lost_[worker] = clock; }
  /// It trains again, or has done all of its steps: its slice is its own.
  void keep(std::uint32_t worker) { lost_.erase(worker); }

  /// A membership epoch began. True where members are to be told of new leases.
  [[nodiscard]] bool renew(std::uint64_t epoch);
  /// Of the leases told last; 0 before the first.
  [[nodiscard]] std::uint64_t number() const { return number_; }
  /// That of one member.
  [[nodiscard]] message<messages::LeaseSlices> lease_of(std::uint32_t worker, const membership& members) const;

private:
  std::map<std::uint32_t, std::uint64_t> lost_; ///< clock by worker
  std::uint64_t number_ = 0;
  bool leased_ = false; ///< with that number
};

} // namespace drover
