#include "drover/actors/evaluate.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace drover {

namespace {

// Large enough for matrix products at full speed, small enough to stay in cache.
constexpr std::size_t samples_at_once = 256;

} // namespace

batch_result evaluate(model& what, const dataset& samples, const_parameters parameters,
                      const std::function<void()>& on_progress) {
  auto columns = samples.shape().features;
  std::vector<std::uint32_t> indices(samples_at_once);
  std::vector<float> features(samples_at_once * columns);
  std::vector<std::uint32_t> labels(samples_at_once);
  batch_result sum;
  for (std::size_t first = 0; first < samples.size(); first += samples_at_once) {
    auto count = std::min(samples_at_once, samples.size() - first);
    auto chosen = std::span{indices}.first(count);
    std::iota(chosen.begin(), chosen.end(), static_cast<std::uint32_t>(first));
    auto rows = std::span{features}.first(count * columns);
    auto truths = std::span{labels}.first(count);
    samples.read(chosen, rows, truths);
    sum += what.evaluate({.features = rows, .columns = columns, .labels = truths}, parameters);
    if (on_progress)
      on_progress();
  }
  return sum;
}

} // namespace drover
