#pragma once

#include "drover/actors/core/membership.hpp"
#include "drover/actors/core/progress_meter.hpp"
#include "drover/messages/message.hpp"
#include "drover/messages/telemetry.capnp.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace drover {

/// One sentence for a job in which nothing progresses: who waits, where, for whom, and for which step. `silent`: shards
/// that did not answer. `meter`: what workers told last.
[[nodiscard]] std::string describe_stall(double seconds,
                                         const std::map<std::uint32_t, message<messages::ShardReport>>& reports,
                                         const std::set<std::uint32_t>& silent, const membership& workers,
                                         const progress_meter& meter);

/// One sentence for a job whose end does not come: which shards owe reports or parameters, and whether the test of
/// parameters is what does not end.
[[nodiscard]] std::string describe_silence(double seconds, const std::set<std::uint32_t>& silent, bool testing);

} // namespace drover
