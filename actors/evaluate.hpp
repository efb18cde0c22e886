#pragma once

#include "drover/models/data/dataset.hpp"
#include "drover/models/model.hpp"

namespace drover {

/// Loss and hits over a whole data set, in its order.
[[nodiscard]] batch_result evaluate(model& what, const dataset& samples, const_parameters parameters);

} // namespace drover
