#pragma once

#include "drover/actors/coordinator.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/job_context.hpp"
#include "drover/actors/train_result.hpp"
#include "drover/actors/type_ids.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/registry.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <optional>
#include <stop_token>

namespace drover {

/// What `train` may be given beside the job.
struct train_options {
  model_registry models = standard_models(); ///< models the job may name
  std::optional<dataset_pair> data;          ///< used instead of the job's `data` where set
  progress_function on_progress;             ///< may be empty
  std::stop_token stop;                      ///< stops the job after the steps under way
};

/// Runs a job in this process, in an actor system of its own, and waits for its end. Honours the job's `save`, which is
/// written for every outcome that leaves parameters, and `metrics`. Throws std::invalid_argument for a job that cannot
/// be run and std::runtime_error for data that cannot be read, each with one sentence; how training itself ended is in
/// the summary. A file that is there already is not replaced by parameters that were never trained, nor by metrics
/// unless it holds some. Comes back only when every computation did: a model whose `gradient` or `evaluate` never
/// returns is reported as a stall in the metrics, but cannot be interrupted.
[[nodiscard]] train_result train(const job& what, train_options options);
[[nodiscard]] train_result train(const job& what, progress_function on_progress = {});

/// Tells CAF about Drover's messages. Call it before the first `caf::actor_system` is made; further calls do nothing.
/// Type-id blocks of the caller begin at `caf::id_block::drover::end`.
void init_global_meta_objects();

/// Begins a job in an actor system of the caller, who goes on at once. `observer` gets `message<messages::Progress>`
/// again and again and `finish_job` once, last, unless the coordinator itself dies, so monitor it; if the observer dies
/// the job stops. Whether and where the result is saved is the observer's business. Workers make their own threads
/// batch threads, see batch_thread.hpp; the system's others are left as they are. Throws std::invalid_argument for more
/// workers than one process may have.
[[nodiscard]] coordinator_actor spawn_coordinator(caf::actor_system& system, std::shared_ptr<const job_context> context,
                                                  observer_actor observer, placed_members placed = {});

/// The second half of `train`: runs a job whose data are read in an actor system of the caller, which may have placed
/// the members elsewhere, and waits for its end. `options.models` and `options.data` are in the context already.
[[nodiscard]] train_result train(caf::actor_system& system, const std::shared_ptr<const job_context>& context,
                                 const train_options& options, placed_members placed = {});

/// A thread that receives what an observer gets.
[[nodiscard]] observer_actor observer_of(const caf::scoped_actor& self);

/// Asks for an early end: workers finish the steps under way, and `finish_job` has what was learned. From any thread.
void request_stop(const coordinator_actor& coordinator);

} // namespace drover
