#include "summed_model.hpp"

#include <algorithm>
#include <numeric>

std::vector<drover::tensor_spec> summed_model::tensors() const {
  std::vector<drover::tensor_spec> result{{"mean", {1}, {drover::initializer::kind::constant, mean_}}};
  for (const auto& each : parts_)
    std::ranges::copy(each->tensors(), std::back_inserter(result));
  return result;
}

drover::batch_result summed_model::gradient(const drover::batch& samples, drover::const_parameters parameters,
                                            drover::mutable_parameters gradient) {
  auto result = evaluate(samples, parameters);
  slopes_.clear();
  for (std::size_t i = 0; i < samples.size(); ++i)
    slopes_.push_back((predictions_[i] - rating_at(samples, i).value) / static_cast<float>(samples.size()));
  gradient.tensor(0)[0] = std::accumulate(slopes_.begin(), slopes_.end(), 0.0f);
  for (const auto& each : parts_)
    each->gradient(samples, parameters, slopes_, gradient);
  return result;
}

drover::batch_result summed_model::evaluate(const drover::batch& samples, drover::const_parameters parameters) {
  predictions_.resize(samples.size());
  predict(samples, parameters, predictions_);
  drover::batch_result result{.samples = samples.size(), .has_classes = false};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    auto error = static_cast<double>(rating_at(samples, i).value - predictions_[i]);
    result.loss_sum += error * error;
  }
  return result;
}

void summed_model::predict(const drover::batch& samples, drover::const_parameters parameters, std::span<float> scores) {
  std::ranges::fill(scores, parameters.tensor(0)[0]);
  for (const auto& each : parts_)
    each->predict(samples, parameters, scores);
}
