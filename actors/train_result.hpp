#pragma once

#include "drover/actors/core/snapshot.hpp"
#include "drover/messages/message.hpp"
#include "drover/messages/telemetry.capnp.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace drover {

/// Called in the thread that began the job and waits for it, several times a second and after each epoch.
using progress_function = std::function<void(messages::Progress::Reader)>;

/// How a job ended, and what it learned.
struct train_result {
  message<messages::Summary> summary;
  /// The last good parameters; nothing where the job failed before there were any.
  std::optional<model_snapshot> parameters;
  /// File that they were saved to; empty where nothing was saved.
  std::string saved;
  /// A sentence for each file that could not be written as asked: nothing of the result is lost for that.
  std::vector<std::string> problems;
  std::uint64_t lines_skipped = 0; ///< of the data, because they could not be read
  std::string first_skipped = {};  ///< what was wrong with the first of them
  /// A sentence on each data cache that was not used or not written.
  std::vector<std::string> notes = {};
};

} // namespace drover
