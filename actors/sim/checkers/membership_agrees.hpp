#pragma once

#include "drover/actors/sim/checkers/ledger.hpp"

namespace drover::sim {

/// Shards count exactly the members that the coordinator named, at the clocks that they reached or joined at: nobody
/// who left holds anyone.
class membership_agrees : public checker {
public:
  explicit membership_agrees(const ledger& books) : books_(books) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;

private:
  const ledger& books_;
};

} // namespace drover::sim
