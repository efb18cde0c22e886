#pragma once

#include "drover/actors/core/compensation.hpp"
#include "drover/actors/core/consistency.hpp"
#include "drover/messages/job.capnp.h"
#include "drover/models/rules/schedule.hpp"
#include "drover/models/rules/update_rule.hpp"

#include <cstdint>
#include <memory>

namespace drover {

/// What a job's text and numbers mean to a shard. The job must be complete and checked.
struct job_rules {
  std::unique_ptr<const consistency> reads;
  std::unique_ptr<const compensation> compensate;
  std::unique_ptr<const update_rule> rule;
  learning_rate_schedule schedule;
  bool prefetch = false;
  bool rows_alone = false; ///< rows of sparse tables do not wait for the window of their clock

  /// `steps`: of one worker over the whole job.
  [[nodiscard]] static job_rules of(messages::Job::Reader job, std::uint64_t steps, std::uint64_t steps_per_epoch);
};

} // namespace drover
