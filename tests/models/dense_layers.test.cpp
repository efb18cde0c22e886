#include "drover/models/dense_layers.hpp"

#include "drover/models/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

namespace drover {

TEST_CASE("layers give the gradient of what enters them, wherever a model keeps their tensors") {
  auto device = gpu::make_cpu_device();
  constexpr std::size_t samples = 5;
  constexpr std::size_t first = 2; // of two tensors of the model that are none of the layers'
  for (std::size_t block_bytes : {std::size_t{1} << 20, std::size_t{64}}) {
    dense_layers layers{*device,
                        gpu::activation::tanh,
                        {{3, 6, {initializer::kind::normal, 0.7f}}, {6, 2, {initializer::kind::normal, 0.7f}}},
                        first};
    std::vector<tensor_spec> tensors{{"other", {4, 4}, {}}, {"another", {7}, {}}};
    std::ranges::copy(layers.tensors(), std::back_inserter(tensors));
    const parameter_layout layout{tensors, block_bytes};
    auto weights = device->allocate(layout.flat_size());
    auto gradient = device->allocate(layout.flat_size());
    auto inputs = device->allocate(samples * layers.inputs());
    auto input_gradient = device->allocate(inputs.size());
    auto into = block_pointers(layout, weights.span().data());
    auto from = block_pointers(layout, static_cast<const float*>(weights.span().data()));
    auto gradients = block_pointers(layout, gradient.span().data());
    for (std::size_t block = 0; block < into.size(); ++block)
      initialize(layout, block, 1, into[block]);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      inputs.span()[i] = static_cast<float>(random_bits::symmetric(random_bits::at(1, i)));
    std::ranges::fill(gradient.span(), 1e9f);

    const const_parameters parameters{layout, from};
    // The loss is a weighted sum of the outputs.
    auto weight_of = [](std::size_t i) { return static_cast<float>(random_bits::symmetric(random_bits::at(2, i))); };
    auto loss = [&] {
      auto outputs = layers.forward(samples, inputs.span(), parameters);
      layers.stream().synchronize();
      double sum = 0;
      for (std::size_t i = 0; i < outputs.size(); ++i)
        sum += static_cast<double>(weight_of(i)) * static_cast<double>(outputs[i]);
      return sum;
    };
    loss();
    auto arriving = layers.output_gradient();
    REQUIRE(arriving.size() == samples * layers.outputs());
    for (std::size_t i = 0; i < arriving.size(); ++i)
      arriving[i] = weight_of(i);
    layers.backward(parameters, mutable_parameters{layout, gradients}, input_gradient.span());
    layers.stream().synchronize();

    CAPTURE(block_bytes);
    double worst = 0;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      constexpr float step = 1e-2f;
      auto value = inputs.span()[i];
      inputs.span()[i] = value + step;
      auto above = loss();
      inputs.span()[i] = value - step;
      auto below = loss();
      inputs.span()[i] = value;
      auto slope = (above - below) / (2 * static_cast<double>(step));
      worst = std::max(worst, std::abs(slope - static_cast<double>(input_gradient.span()[i])));
    }
    CHECK(worst < 1e-3);
    auto others = mutable_parameters{layout, gradients}.slab_of(0, 0).values;
    CHECK(std::ranges::all_of(others, [](float value) { return value == 1e9f; }));
  }
}

} // namespace drover
