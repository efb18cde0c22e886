#pragma once

#include <functional>

namespace drover::bench {

struct process_result {
  double value = 0;             ///< what the work returned
  double processor_seconds = 0; ///< of all its threads
};

/// Runs `work` in a forked process, so that it finds fresh memory: in one process a side gets, round after round, the
/// very pages that another left, and how pages lie to each other in a cache decides ten percent where a model just
/// fits into it. Call it before the program starts threads. Throws std::runtime_error where the process does not end
/// well.
[[nodiscard]] process_result in_own_process(const std::function<double()>& work);

} // namespace drover::bench
