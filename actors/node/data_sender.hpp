#pragma once

#include "drover/actors/caf_compat.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/type_ids.hpp"

#include <memory>
#include <string>

namespace drover {

/// Gives the samples that a job trains on to nodes that know the token, slice by slice: who wants the next one asks, so
/// that no more than one is on its way to each. Lives in the trainer's process as long as the job; in a thread of its
/// own, because data of an embedder's own kind may take long to read.
struct data_sender_state {
  std::shared_ptr<const job_context> job;
  std::string token;
};

data_sender_actor::behavior_type data_sender_behavior(data_sender_actor::stateful_pointer<data_sender_state> self,
                                                      std::shared_ptr<const job_context> job, std::string token);

} // namespace drover
