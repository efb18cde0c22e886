#pragma once

#include "drover/actors/sim/checkers/ledger.hpp"

#include <map>
#include <tuple>

namespace drover::sim {

/// Every update is as stale as its acknowledgement says, and never staler than the consistency promises.
class staleness_bound : public checker {
public:
  explicit staleness_bound(ledger& books);
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;

private:
  using push_name = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t>; ///< shard, worker, life, n
  const ledger& books_;
  std::map<push_name, std::uint64_t> staleness_; ///< of updates that are not acknowledged yet
};

} // namespace drover::sim
