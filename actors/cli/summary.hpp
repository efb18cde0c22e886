#pragma once

#include "drover/messages/telemetry.capnp.h"

#include <optional>
#include <ostream>
#include <string>

namespace drover::cli {

/// The closing table: how the job ended, what came out, what it cost, and the staleness that was measured.
void print_summary(std::ostream& out, messages::Summary::Reader summary);

/// One sentence for a job that did not complete, or that broke its promise on staleness; nothing for one that went
/// well. `saved`: file that holds the parameters handed over; empty where there is none.
[[nodiscard]] std::optional<std::string> complaint(messages::Summary::Reader summary, const std::string& saved);

} // namespace drover::cli
