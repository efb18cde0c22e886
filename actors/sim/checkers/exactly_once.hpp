#pragma once

#include "drover/actors/sim/checkers/ledger.hpp"

#include <map>
#include <tuple>

namespace drover::sim {

/// Every acknowledged push was applied exactly once, in the order of the clocks where the consistency closes clocks:
/// the versions that shards name are those that the pushes so far make.
class exactly_once : public checker {
public:
  explicit exactly_once(ledger& books);
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;
  void on_end(nanoseconds now, const finish_job& result) override;

private:
  const ledger& books_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>, std::map<std::uint64_t, std::uint64_t>>
      version_of_; ///< by shard, worker, life: the version that contains each push
};

} // namespace drover::sim
