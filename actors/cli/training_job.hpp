#pragma once

#include "drover/actors/cli/flags.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/train_result.hpp"

#include <ostream>

namespace drover::cli {

/// The job of a file, if there is one, and of flags that go before it. Resolved.
[[nodiscard]] job job_of(const command_line& line);

/// Throws with a sentence for a job without data.
void check_trainable(const job& what);

/// What there is to say of a job's end beside its summary: where it was saved, what went wrong. Returns an exit code.
[[nodiscard]] int report_end(std::ostream& out, std::ostream& err, const train_result& result);

} // namespace drover::cli
