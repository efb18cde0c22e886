#pragma once

#include "drover/actors/job_context.hpp"
#include "drover/messages/message.hpp"
#include "drover/messages/nodes.capnp.h"

#include <string>

namespace drover {

/// What a node found when it prepared a job.
[[nodiscard]] message<messages::JobPrepared> describe(const job_context& context);

/// Why a node that found this cannot take part in the trainer's job, or nothing.
[[nodiscard]] std::string mismatch(messages::JobPrepared::Reader found, const job_context& trainer);

} // namespace drover
