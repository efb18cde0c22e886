#pragma once

#include "drover/actors/type_ids.hpp"
#include "drover/models/data/dataset.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <string>

namespace drover {

/// Asks a trainer for slice after slice of the data to train on; those to test on are none, because only the trainer
/// tests. Blocks the calling thread until all are there, the trainer is gone or silent, or `node`, for whom they are,
/// is gone. Throws std::runtime_error with a sentence.
[[nodiscard]] dataset_pair receive_data(caf::actor_system& system, const data_sender_actor& from,
                                        const std::string& token, const caf::actor& node);

} // namespace drover
