#include "drover/models/dense_network.hpp"

#include <stdexcept>
#include <string>

namespace drover {

dense_network::dense_network(gpu::device& device, gpu::activation function, std::vector<dense_layer> layers)
    : device_(&device), layers_(device, function, std::move(layers)) {}

batch_result dense_network::gradient(const batch& samples, const_parameters parameters, mutable_parameters gradient) {
  if (samples.size() == 0)
    throw std::invalid_argument("a gradient needs at least one sample");
  auto logits = forward(samples, parameters);
  loss(samples, logits, layers_.output_gradient());
  layers_.backward(parameters, gradient);
  layers_.stream().synchronize();
  return {result_.loss_sum, result_.correct, samples.size()};
}

batch_result dense_network::evaluate(const batch& samples, const_parameters parameters) {
  if (samples.size() == 0)
    return {};
  auto logits = forward(samples, parameters);
  loss(samples, logits, {});
  layers_.stream().synchronize();
  return {result_.loss_sum, result_.correct, samples.size()};
}

void dense_network::predict(const batch& samples, const_parameters parameters, std::span<float> scores) {
  if (scores.size() != samples.size() * outputs())
    throw std::invalid_argument("room for " + std::to_string(scores.size()) + " scores was given, " +
                                std::to_string(samples.size() * outputs()) + " are needed");
  if (samples.size() == 0)
    return;
  device_->copy(layers_.stream(), forward(samples, parameters), scores);
  layers_.stream().synchronize();
}

std::span<const float> dense_network::forward(const batch& samples, const_parameters parameters) {
  if (samples.columns != layers_.inputs() || samples.features.size() != samples.size() * samples.columns)
    throw std::invalid_argument("a batch has " + std::to_string(samples.features.size()) + " floats in rows of " +
                                std::to_string(samples.columns) + ": the model needs " +
                                std::to_string(samples.size()) + " rows of " + std::to_string(layers_.inputs()));
  return layers_.forward(samples.size(), samples.features, parameters);
}

void dense_network::loss(const batch& samples, std::span<const float> logits, std::span<float> gradient) {
  device_->softmax_cross_entropy(layers_.stream(), {.rows = samples.size(),
                                                    .columns = outputs(),
                                                    .logits = logits,
                                                    .labels = samples.labels,
                                                    .gradient = gradient,
                                                    .result = &result_});
}

} // namespace drover
