#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/actors/sim/hunted_world.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace drover::sim {

/// A job ends as its world deserves: completed, once somebody has done all of the steps; stopped, if that was asked for
/// before; failed, where a shard died before the training was over. It complains of a stall only in a world where
/// nothing may progress for that long, and never of anything else.
class right_ending : public checker {
public:
  explicit right_ending(const hunted_world& drawn)
      : steps_(drawn.plan.steps), stop_(drawn.stop), shard_deaths_(drawn.shard_deaths), may_stall_(drawn.may_stall) {}
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_stop(nanoseconds now) override;
  void on_end(nanoseconds now, const finish_job& result) override;

private:
  std::uint64_t steps_;
  std::optional<nanoseconds> stop_; ///< when somebody asks for it
  std::optional<nanoseconds> told_; ///< when the coordinator hears of that
  std::map<std::uint32_t, nanoseconds> shard_deaths_;
  bool may_stall_;
  std::uint64_t steps_done_ = 0; ///< by who left with most
};

} // namespace drover::sim
