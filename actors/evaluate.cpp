#include "drover/actors/evaluate.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace drover {

namespace {

// Large enough for matrix products at full speed, small enough to stay in cache.
constexpr std::size_t samples_at_once = 256;

} // namespace

void for_each_batch(const dataset& samples, sample_kind kind, const std::function<void(const batch&)>& use) {
  auto columns = samples.shape().features;
  std::vector<std::uint32_t> indices(samples_at_once);
  std::vector<std::uint32_t> labels(samples_at_once); // or places
  std::vector<float> features(kind == sample_kind::features ? samples_at_once * columns : 0);
  for (std::size_t first = 0; first < samples.size(); first += samples_at_once) {
    auto count = std::min(samples_at_once, samples.size() - first);
    auto chosen = std::span{indices}.first(count);
    std::iota(chosen.begin(), chosen.end(), static_cast<std::uint32_t>(first));
    auto truths = std::span{labels}.first(count);
    if (kind == sample_kind::features) {
      auto rows = std::span{features}.first(count * columns);
      samples.read(chosen, rows, truths);
      use({.features = rows, .columns = columns, .labels = truths});
    } else {
      use(batch_of(samples, chosen, truths));
    }
  }
}

batch_result evaluate(model& what, const dataset& samples, sample_kind kind, const_parameters parameters,
                      const std::function<void()>& on_progress) {
  batch_result sum;
  for_each_batch(samples, kind, [&](const batch& some) {
    sum += what.evaluate(some, parameters);
    if (on_progress)
      on_progress();
  });
  return sum;
}

} // namespace drover
