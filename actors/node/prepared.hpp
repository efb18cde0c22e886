#pragma once

#include "drover/actors/job_context.hpp"
#include "drover/messages/message.hpp"
#include "drover/messages/nodes.capnp.h"

#include <caf/sec.hpp>

#include <string>

namespace drover {

/// What a node found when it prepared a job.
[[nodiscard]] message<messages::JobPrepared> describe(const job_context& context);

/// The code of a refusal because the data that the job names cannot be read.
inline constexpr caf::sec data_missing = caf::sec::cannot_open_file;

/// Why a node that found this cannot take part in the trainer's job, or nothing.
[[nodiscard]] std::string mismatch(messages::JobPrepared::Reader found, const job_context& trainer);

} // namespace drover
