#pragma once

#include "drover/actors/sim/checkers/ledger.hpp"

namespace drover::sim {

/// No parked pull is forgotten: whenever the rules let a shard answer, it has.
class no_forgotten_pull : public checker {
public:
  explicit no_forgotten_pull(const ledger& books) : books_(books) {}
  void on_handled(nanoseconds now, const address& who) override;

private:
  const ledger& books_;
};

} // namespace drover::sim
