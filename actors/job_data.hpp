#pragma once

#include "drover/actors/job.hpp"
#include "drover/models/data/dataset.hpp"
#include "drover/models/registry.hpp"

namespace drover {

/// What a job says of its data, for a model of these traits. Throws std::invalid_argument with a sentence for an
/// onBadLine, a ratingRange or a dataCache that cannot be read.
[[nodiscard]] data_source data_source_of(messages::Job::Reader what, const model_traits& traits);

/// The data that a job names, for the model that it names. `like`, `names`: the columns of the table, or the users and
/// items, that the model knows already; null for those that are found. Throws std::runtime_error or
/// std::invalid_argument with a sentence.
[[nodiscard]] dataset_pair load_data(const job& what, const model_registry& models, const table_columns* like = nullptr,
                                     const rating_names* names = nullptr);

} // namespace drover
