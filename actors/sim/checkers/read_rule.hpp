#pragma once

#include "drover/actors/sim/checkers/ledger.hpp"

#include <cstdint>
#include <map>
#include <tuple>

namespace drover::sim {

/// Nobody reads what the consistency does not let him: every member is far enough, the reader's own updates are in, and
/// the version is exactly the one that the updates so far make. Only where a compensation needs it, an answer that is
/// given again is the first one.
class read_rule : public checker {
public:
  explicit read_rule(const ledger& books) : books_(books) {}
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;

private:
  using reading =
      std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t>; ///< shard, worker, life, clock
  const ledger& books_;
  std::map<reading, std::uint64_t> first_versions_; ///< only where answers are repeated
};

} // namespace drover::sim
