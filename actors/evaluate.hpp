#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/model.hpp"

#include <functional>

namespace drover {

/// Calls `use` with all samples of a data set, in its order, some at a time. `kind`: what the model reads.
void for_each_batch(const dataset& samples, sample_kind kind, const std::function<void(const batch&)>& use);

/// Loss and hits over a whole data set, in its order. `on_progress`, where there is one, is called after some samples,
/// again and again. `kind`: what the model reads.
[[nodiscard]] batch_result evaluate(model& what, const dataset& samples, sample_kind kind, const_parameters parameters,
                                    const std::function<void()>& on_progress = {});

} // namespace drover
