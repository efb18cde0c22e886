#include "drover/models/data/dataset_checks.hpp"

#include <limits>
#include <stdexcept>
#include <string>

namespace drover {

void check_labels(std::span<const std::uint32_t> labels, std::size_t classes) {
  if (labels.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument("a data set has " + std::to_string(labels.size()) +
                                " samples: at most 4294967295 are allowed");
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= classes)
      throw std::invalid_argument("sample " + std::to_string(i) + " has label " + std::to_string(labels[i]) +
                                  ": labels must be below " + std::to_string(classes));
}

void check_read(const dataset& from, std::span<const std::uint32_t> samples, std::size_t features, std::size_t labels) {
  if (features != samples.size() * from.shape().features || labels != samples.size())
    throw std::invalid_argument("room for " + std::to_string(features) + " features and " + std::to_string(labels) +
                                " labels does not fit " + std::to_string(samples.size()) + " samples");
  for (auto sample : samples)
    if (sample >= from.size())
      throw std::invalid_argument("there is no sample " + std::to_string(sample) + " in a data set of " +
                                  std::to_string(from.size()));
}

} // namespace drover
