#include "drover/models/registry.hpp"

#include <doctest/doctest.h>

#include "network.hpp"
#include <cmath>
#include <stdexcept>

namespace drover {

namespace {

const data_shape shape{.features = 784, .classes = 10};

std::string refusal(std::string_view specification, data_shape data = shape) {
  auto device = gpu::make_cpu_device();
  try {
    static_cast<void>(standard_models().make(specification, {{}, data, gpu::activation::relu, device.get()}));
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "accepted";
}

} // namespace

TEST_CASE("an unknown model is refused with the nearest known one") {
  CHECK(refusal("mpl:3") ==
        "there is no model mpl: did you mean mlp? Known are logistic, mf, mlp, softmax, squared, svm");
  CHECK(refusal("") == "there is no model : did you mean mf? Known are logistic, mf, mlp, softmax, squared, svm");
}

TEST_CASE("bad layer sizes are refused with a sentence that says what is allowed") {
  const std::string allowed = "; give whole numbers from 1 to 1000000 separated by commas, as in mlp:256,128";
  CHECK(refusal("mlp:256,x") == "model mlp:256,x: 'x' is not a layer size" + allowed);
  CHECK(refusal("mlp:256,") == "model mlp:256,: a layer size is missing" + allowed);
  CHECK(refusal("mlp") == "model mlp: a layer size is missing" + allowed);
  CHECK(refusal("mlp:0") == "model mlp:0: '0' is not a layer size" + allowed);
  CHECK(refusal("mlp:-3") == "model mlp:-3: '-3' is not a layer size" + allowed);
  CHECK(refusal("mlp:1000001") == "model mlp:1000001: '1000001' is not a layer size" + allowed);
  CHECK(refusal("mlp:99999999999999999999") ==
        "model mlp:99999999999999999999: '99999999999999999999' is not a layer size" + allowed);
  CHECK(refusal("softmax:3") == "model softmax takes no arguments, these were given: 3");
  CHECK(refusal("softmax", {.features = 3, .classes = 1}) ==
        "a model needs data with at least two classes, these have 1");
}

TEST_CASE("a network's tensors are named and shaped as is usual in saved models") {
  test::network network("mlp:256,128", shape);
  auto tensors = network.made->tensors();
  REQUIRE(tensors.size() == 6);
  CHECK(tensors[0].name == "layers.0.weight");
  CHECK(tensors[0].shape == std::vector<std::size_t>{256, 784});
  CHECK(tensors[0].split_by_rows);
  CHECK(tensors[1].name == "layers.0.bias");
  CHECK(tensors[1].shape == std::vector<std::size_t>{256});
  CHECK(tensors[4].name == "layers.2.weight");
  CHECK(tensors[4].shape == std::vector<std::size_t>{10, 128});
  CHECK(network.made->outputs() == 10);
  CHECK(network.layout.parameters() == 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10);
}

TEST_CASE("weights start as the activation asks for, biases and softmax regression at 0") {
  auto scale = [](std::string_view specification, gpu::activation function, std::size_t tensor) {
    return test::network(specification, shape, function).made->tensors()[tensor].init.scale;
  };
  CHECK(scale("mlp:100", gpu::activation::relu, 0) == doctest::Approx(std::sqrt(2.0 / 784)));
  CHECK(scale("mlp:100", gpu::activation::relu, 2) == doctest::Approx(std::sqrt(2.0 / 100)));
  CHECK(scale("mlp:100", gpu::activation::gelu, 0) == doctest::Approx(std::sqrt(2.0 / 784)));
  CHECK(scale("mlp:100", gpu::activation::tanh, 0) == doctest::Approx(std::sqrt(2.0 / 884)));
  test::network network("mlp:100", shape);
  CHECK(network.made->tensors()[1].init.distribution == initializer::kind::zeros);
  CHECK(test::network("softmax", shape).made->tensors()[0].init.distribution == initializer::kind::zeros);
}

TEST_CASE("a program can add models of its own and replace known ones") {
  auto models = standard_models();
  std::string seen;
  models.add("mine", [&seen](const model_request& request) {
    seen = request.arguments;
    return std::unique_ptr<model>();
  });
  CHECK(models.make("mine:a:b", {}) == nullptr);
  CHECK(seen == "a:b");
  CHECK(models.names() == std::vector<std::string>{"logistic", "mf", "mine", "mlp", "softmax", "squared", "svm"});
}

} // namespace drover
