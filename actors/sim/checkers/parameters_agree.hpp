#pragma once

#include "drover/actors/core/job_rules.hpp"
#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/sim/checkers/ledger.hpp"
#include "drover/gpu/device.hpp"

#include <map>
#include <memory>
#include <tuple>
#include <vector>

namespace drover::sim {

/// An oracle: applies the same updates to parameters of its own, one after the other in one place, and finds the same
/// bits wherever a shard hands parameters out. Where a compensation needs it, an answer that is given again has the
/// bits of the first.
class parameters_agree : public checker {
public:
  parameters_agree(const training_plan& plan, ledger& books);
  void on_send(nanoseconds now, const address& from, const address& to, const protocol_message& what) override;

private:
  struct block {
    std::vector<float> values;
    std::vector<float> rule_state;
    std::vector<float> compensation_state;
    std::uint64_t updates = 0;
  };
  using blocks = std::vector<std::vector<float>>;
  using reading =
      std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t>; ///< shard, worker, life, clock

  void apply(std::uint32_t shard, const std::vector<ledger::taken_push>& pushes, std::uint64_t version_before);
  // A row of a sparse table.
  struct row {
    std::vector<float> values;
    std::vector<float> rule_state;
    std::uint64_t updates = 0;
  };
  using rows = std::map<std::uint64_t, row>;

  [[nodiscard]] row& row_of(std::size_t table, std::uint64_t key);
  void apply_rows(const std::vector<ledger::taken_push>& pushes, float rate);
  void compare_rows(nanoseconds now, const address& from, const address& to, messages::ParametersPulled::Reader answer);
  void compare_rows(nanoseconds now, const address& from, messages::SnapshotTaken::Reader snapshot);
  void apply(block& to, std::vector<float> gradient, const std::vector<float>* read, float rate);

  training_plan plan_;
  job_rules rules_;
  std::unique_ptr<gpu::device> device_;
  std::unique_ptr<gpu::stream> stream_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> blocks_of_;
  std::vector<block> blocks_; ///< by index in the layout
  std::vector<rows> tables_;  ///< of all shards together
  const ledger& books_;
  std::map<reading, blocks> readings_; ///< only where the compensation needs them
};

} // namespace drover::sim
