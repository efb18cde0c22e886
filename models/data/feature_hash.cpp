#include "drover/models/data/feature_hash.hpp"

#include <algorithm>
#include <cmath>

namespace drover {

bool hashed_row::write(sparse_rows& into) {
  // By values, too: a sum of floats depends on the order, which is not to depend on the sort.
  std::sort(features_.begin(), features_.end());
  for (auto feature = features_.begin(); feature != features_.end();) {
    auto column = feature->first;
    double sum = 0;
    for (; feature != features_.end() && feature->first == column; ++feature)
      sum += static_cast<double>(feature->second);
    auto value = static_cast<float>(sum);
    if (!std::isfinite(value))
      return false;
    into.columns.push_back(column);
    into.values.push_back(value);
  }
  return true;
}

} // namespace drover
