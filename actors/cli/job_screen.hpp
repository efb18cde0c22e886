#pragma once

#include "drover/messages/nodes.capnp.h"

#include <ostream>

namespace drover::cli {

/// A running job, its nodes and its members, as tables.
void print_job(std::ostream& out, messages::JobStatus::Reader job);

} // namespace drover::cli
