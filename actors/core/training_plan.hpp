#pragma once

#include "drover/messages/job.capnp.h"
#include "drover/messages/message.hpp"
#include "drover/models/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace drover {

/// What follows from a job, its model and its data before anything starts. Immutable.
struct training_plan {
  message<messages::Job> job;                     ///< complete and checked
  std::shared_ptr<const parameter_layout> layout; ///< while it is trained
  std::shared_ptr<const parameter_layout> whole;  ///< without tables: of what is tested and saved
  std::vector<std::uint32_t> shard_of_block;
  std::uint64_t steps_per_epoch = 0; ///< of one worker
  std::uint64_t steps = 0;           ///< of one worker over the whole job

  /// Throws std::invalid_argument with a sentence for more shards than blocks without tables, or no step in an epoch.
  [[nodiscard]] static training_plan of(messages::Job::Reader job, std::shared_ptr<const parameter_layout> layout,
                                        std::uint64_t steps_per_epoch);

  /// Blocks of one shard, ascending.
  [[nodiscard]] std::vector<std::uint32_t> blocks_of(std::uint32_t shard) const;
  /// Bytes of its parameters; of tables its part of all rows.
  [[nodiscard]] std::size_t bytes_of(std::uint32_t shard) const;
};

} // namespace drover
