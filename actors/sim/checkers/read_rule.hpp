#pragma once

#include "drover/actors/sim/checkers/ledger.hpp"

namespace drover::sim {

/// Nobody reads what the consistency does not let him: every member is far enough, the reader's own updates are in, and
/// the version is the one that the updates so far make.
class read_rule : public checker {
public:
  explicit read_rule(const ledger& books) : books_(books) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;

private:
  const ledger& books_;
};

} // namespace drover::sim
