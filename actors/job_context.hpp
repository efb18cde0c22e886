#pragma once

#include "drover/actors/core/lent_memory.hpp"
#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/job.hpp"
#include "drover/actors/job_data.hpp"
#include "drover/models/data/batch_source.hpp"
#include "drover/models/data/data_facts.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/epoch_orders.hpp"
#include "drover/models/data/rating_blocks.hpp"
#include "drover/models/registry.hpp"

#include <memory>

namespace drover {

/// The model that a job names, for samples of this shape, on a device of the caller. `facts`: of the samples to train
/// on; null for a model that is not trained.
[[nodiscard]] std::unique_ptr<model> make_model(const job& what, const model_registry& models, const data_shape& shape,
                                                gpu::device& device, const data_facts* facts = nullptr);

/// What the actors of one job share within a process. Immutable once made, so that they share it without locks; the
/// orders of epochs and the memory that is lent have their own.
struct job_context {
  job what; ///< resolved
  model_registry models;
  dataset_pair data;
  training_plan plan;
  std::shared_ptr<epoch_orders> orders; ///< of the data to train on
  model_traits traits = {};
  data_facts facts = {};
  std::shared_ptr<lent_memory> lent = {};           ///< in place: what the shards lend; else null
  std::shared_ptr<const rating_blocks> blocks = {}; ///< dsgd, nomad: what steps are of; else null

  /// Resolves the job, reads its data unless `data` has some, and checks that model, data and placement fit. Throws
  /// std::invalid_argument or std::runtime_error with a sentence.
  [[nodiscard]] static std::shared_ptr<const job_context> make(const job& what, model_registry models,
                                                               dataset_pair data = {});

  /// A model for this job, on a device of the caller.
  [[nodiscard]] std::unique_ptr<model> make_model(gpu::device& device) const;

  /// The batches of one worker.
  [[nodiscard]] batch_source batches_of(std::uint32_t worker) const;
};

} // namespace drover
