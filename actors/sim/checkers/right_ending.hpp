#pragma once

#include "drover/actors/sim/checker.hpp"
#include "drover/actors/sim/hunted_world.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace drover::sim {

/// A job ends as its world deserves: completed, once somebody has done all of the steps; stopped, if that was asked for
/// before; failed, where a shard died before the training was over. It complains of a stall only in a world where
/// nothing may progress for that long, and never of anything else.
///
/// Where workers are replaced, a job completes with all steps of all workers: it leaves one out only when that was lost
/// long ago, and without faults only when it was lost from its new place again. What a coordinator was asked dies with
/// it.
class right_ending : public checker {
public:
  explicit right_ending(const hunted_world& drawn)
      : steps_(drawn.plan.steps), stop_(drawn.stop), shard_deaths_(drawn.shard_deaths), may_stall_(drawn.may_stall),
        workers_(drawn.plan.job.read()->getWorkers()), replaces_(drawn.places.is_on),
        finds_places_(drawn.finds_places) {}
  void on_deliver(nanoseconds now, const address& to, const protocol_message& what) override;
  void on_start(nanoseconds now, const address& who) override;
  void on_crash(nanoseconds now, const address& who) override;
  void on_stop(nanoseconds now) override;
  void on_end(nanoseconds now, const finish_job& result) override;

private:
  struct worker {
    bool is_done = false;  ///< it left with all steps
    bool is_begun = false; ///< by the coordinator that there is
    bool is_replaced = false;
    bool is_lost_again = false; ///< after that
  };
  void begin(nanoseconds now);
  void check_left_out(nanoseconds now, messages::Summary::Reader summary) const;

  std::uint64_t steps_;
  nanoseconds begun_ = 0;           ///< when the coordinator was
  std::optional<nanoseconds> stop_; ///< when somebody asks for it
  std::optional<nanoseconds> told_; ///< when the coordinator hears of that
  std::map<std::uint32_t, nanoseconds> shard_deaths_;
  bool may_stall_;
  std::vector<worker> workers_; ///< by index
  bool replaces_;
  bool finds_places_;
  std::uint64_t steps_done_ = 0; ///< by who left with most
};

} // namespace drover::sim
