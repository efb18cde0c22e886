#include "drover/models/mlp.hpp"

#include "drover/gpu/device.hpp"
#include "drover/models/dense_network.hpp"

#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace drover {

namespace {

constexpr std::size_t layer_size_max = 1'000'000;
constexpr std::size_t hidden_layers_max = 64;

void check(const model_request& request) {
  if (request.device == nullptr)
    throw std::invalid_argument("a model needs a device to compute on");
  if (request.shape.features == 0)
    throw std::invalid_argument("a model needs data with at least one feature");
  if (request.shape.classes < 2)
    throw std::invalid_argument("a model needs data with at least two classes, these have " +
                                std::to_string(request.shape.classes));
}

std::vector<std::size_t> parse_sizes(std::string_view arguments) {
  auto fail = [arguments](const std::string& what) {
    throw std::invalid_argument("model mlp" + (arguments.empty() ? "" : ":" + std::string(arguments)) + ": " + what +
                                "; give whole numbers from 1 to 1000000 separated by commas, as in mlp:256,128");
  };
  std::vector<std::size_t> result;
  for (std::size_t start = 0; start <= arguments.size();) {
    auto end = std::min(arguments.find(',', start), arguments.size());
    auto word = arguments.substr(start, end - start);
    std::size_t size = 0;
    auto [stop, problem] = std::from_chars(word.data(), word.data() + word.size(), size);
    if (word.empty())
      fail("a layer size is missing");
    if (problem != std::errc{} || stop != word.data() + word.size() || size == 0 || size > layer_size_max)
      fail(std::string(1, '\'').append(word) + "' is not a layer size");
    result.push_back(size);
    start = end + 1;
  }
  if (result.size() > hidden_layers_max)
    fail(std::to_string(result.size()) + " hidden layers are more than " + std::to_string(hidden_layers_max));
  return result;
}

initializer weights(gpu::activation function, std::size_t inputs, std::size_t outputs) {
  bool rectifying = function == gpu::activation::relu || function == gpu::activation::gelu;
  auto fan = static_cast<double>(rectifying ? inputs : inputs + outputs);
  return {initializer::kind::normal, static_cast<float>(std::sqrt(2 / fan))};
}

} // namespace

std::unique_ptr<model> make_softmax(const model_request& request) {
  check(request);
  if (!request.arguments.empty())
    throw std::invalid_argument("model softmax takes no arguments, these were given: " +
                                std::string(request.arguments));
  return std::make_unique<dense_network>(
      *request.device, gpu::activation::identity,
      std::vector<dense_layer>{{request.shape.features, request.shape.classes, initializer{}}});
}

std::unique_ptr<model> make_mlp(const model_request& request) {
  check(request);
  auto sizes = parse_sizes(request.arguments);
  sizes.push_back(request.shape.classes);
  std::vector<dense_layer> layers;
  auto inputs = request.shape.features;
  for (auto outputs : sizes) {
    layers.push_back({inputs, outputs, weights(request.activation, inputs, outputs)});
    inputs = outputs;
  }
  return std::make_unique<dense_network>(*request.device, request.activation, std::move(layers));
}

} // namespace drover
