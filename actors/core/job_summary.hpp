#pragma once

#include "drover/messages/message.hpp"
#include "drover/messages/telemetry.capnp.h"
#include "drover/models/batch.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// A report to keep. It is read again and passed on: here all of it is read, so that nobody later finds that it cannot
/// be. Throws kj::Exception where that is so.
[[nodiscard]] message<messages::ShardReport> checked_copy(messages::ShardReport::Reader report);

/// Somebody came or went.
struct happening {
  double seconds = 0;
  std::string sentence;
};

/// How a job ended, as its coordinator knows it.
struct job_ending {
  messages::Summary::Outcome outcome = messages::Summary::Outcome::COMPLETED;
  std::string sentence;
  double seconds = 0;
  std::uint64_t samples = 0;
  std::uint32_t epochs = 0;
  std::uint32_t saved_epoch = 0;
  std::uint32_t workers_lost = 0;
  std::uint32_t workers_joined = 0;
  std::uint32_t workers_moved = 0;
  std::vector<happening> happenings = {};
  std::uint32_t happenings_more = 0;
  std::optional<batch_result> test; ///< nothing where the parameters handed over could not be tested
  std::optional<std::uint64_t> staleness_bound;
  std::uint32_t shards = 0; ///< of the job
};

/// The message that says so, with all that the shards counted.
[[nodiscard]] message<messages::Summary>
summarize(const job_ending& ending, const std::map<std::uint32_t, message<messages::ShardReport>>& reports);

} // namespace drover
