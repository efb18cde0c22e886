#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/model.hpp"

#include <functional>

namespace drover {

/// Loss and hits over a whole data set, in its order. `on_progress`, where there is one, is called after some samples,
/// again and again.
[[nodiscard]] batch_result evaluate(model& what, const dataset& samples, const_parameters parameters,
                                    const std::function<void()>& on_progress = {});

} // namespace drover
