#include <doctest/doctest.h>

#include "network.hpp"
#include <cmath>

namespace drover {

namespace {

struct golden {
  gpu::activation function;
  std::vector<double> losses;
};

// Printed by tests/golden/mlp_ten_steps.py: numpy, float64, written apart from this program.
const golden expected[] = {
    {gpu::activation::relu,
     {0.953962607, 0.864954457, 0.760667111, 0.653618722, 0.558688807, 0.483611937, 0.424531181, 0.376332326,
      0.335362305, 0.299494961}},
    {gpu::activation::tanh,
     {0.710638290, 0.503291784, 0.383373813, 0.300854967, 0.242683382, 0.201010104, 0.170402037, 0.147277203,
      0.129329765, 0.115064549}},
    {gpu::activation::sigmoid,
     {1.067286426, 1.047862602, 1.038401925, 1.032617742, 1.028149317, 1.024089817, 1.020082791, 1.015983462,
      1.011729393, 1.007290493}},
    {gpu::activation::gelu,
     {0.939213115, 0.859124564, 0.759211845, 0.644798219, 0.535179622, 0.444725390, 0.373372155, 0.315745307,
      0.267602184, 0.226655413}},
};

std::vector<float> waves(std::size_t count, double scale, double start, double step, double (*wave)(double)) {
  std::vector<float> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(static_cast<float>(scale * wave(start + step * static_cast<double>(i))));
  return result;
}

double sine(double x) {
  return std::sin(x);
}

double cosine(double x) {
  return std::cos(x);
}

} // namespace

TEST_CASE("ten steps of gradient descent have the losses of an independent implementation") {
  constexpr std::size_t samples = 8, features = 6;
  auto inputs = waves(samples * features, 1, 0.1, 0.7, sine);
  std::vector<std::uint32_t> labels;
  for (std::uint32_t i = 0; i < samples; ++i)
    labels.push_back(i % 3);
  // The smallest blocks, too: a layer's rows then lie in several places.
  for (std::size_t block_bytes : {1u << 20, 1u})
    for (const auto& wanted : expected) {
      test::network network("mlp:5,4", {.features = features, .classes = 3}, wanted.function, block_bytes);
      for (std::size_t i = 0; i < network.layout.tensors().size(); ++i) {
        auto layer = static_cast<double>(i / 2);
        auto size = network.layout.tensors()[i].size();
        network.set_tensor(i,
                           i % 2 == 0 ? waves(size, 0.5, 1 + 10 * layer, 1, sine) : waves(size, 0.1, layer, 1, cosine));
      }
      for (auto loss : wanted.losses) {
        auto result = network.made->gradient({inputs, features, labels}, network.weights(), network.gradients());
        CAPTURE(static_cast<int>(wanted.function));
        CHECK(result.mean_loss() == doctest::Approx(loss).epsilon(2e-6));
        network.device->update(
            *network.order,
            {gpu::sgd_update{0.5f, 0}, network.flat.span(), network.flat_gradient.span(), network.flat.span(), {}});
      }
    }
}

} // namespace drover
