#pragma once

#include "drover/actors/core/training_plan.hpp"
#include "drover/actors/job.hpp"
#include "drover/models/data/batch_source.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/data/epoch_orders.hpp"
#include "drover/models/registry.hpp"

#include <memory>

namespace drover {

/// The data that a job names, `like` as for the other load_data. Throws std::runtime_error or std::invalid_argument
/// with a sentence.
[[nodiscard]] dataset_pair load_data(const job& what, const table_columns* like = nullptr);

/// The model that a job names, for samples of this shape, on a device of the caller.
[[nodiscard]] std::unique_ptr<model> make_model(const job& what, const model_registry& models, const data_shape& shape,
                                                gpu::device& device);

/// What the actors of one job share within a process. Immutable once made, so that they share it without locks; the
/// orders of epochs have their own.
struct job_context {
  job what; ///< resolved
  model_registry models;
  dataset_pair data;
  training_plan plan;
  std::shared_ptr<epoch_orders> orders; ///< of the data to train on

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
